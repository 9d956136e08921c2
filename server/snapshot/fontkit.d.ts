/** It comes without types; we hand it over as a whole. */
declare module 'fontkit'
