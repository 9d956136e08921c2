/** What a browser calls itself, in two words that people know: `Chrome · Windows`. Null for programs. */
export function deviceOf(agent: string): string | null {
  const browser = /\bEdg\//.test(agent) ? 'Edge' : /\bFirefox\//.test(agent) ? 'Firefox' : /\bChrom(e|ium)\/|HeadlessChrome\//.test(agent) ? 'Chrome' : /\bSafari\//.test(agent) ? 'Safari' : null
  const system = /Windows/.test(agent) ? 'Windows' : /Android/.test(agent) ? 'Android' : /iPhone|iPad/.test(agent) ? 'iOS' : /Mac OS X/.test(agent) ? 'macOS' : /Linux/.test(agent) ? 'Linux' : null
  return browser && [browser, system].filter(Boolean).join(' · ')
}
