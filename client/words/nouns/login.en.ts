export default {
  title: 'Sign in to Xiangtu',
  account: 'Account',
  password: 'Password',
  enter: 'Sign in',
  busy: 'Signing in…',
  sso: 'Single sign-on',
  already: 'You are signed in as {name}; signing in again changes to another account.',
  help: 'No account, or a forgotten password? Ask the administrator. After five wrong passwords an account is locked for a quarter of an hour.',
  demoTitle: 'Demonstration accounts',
  demoText: 'Pick who you are. The password of all is {password}; they work on this machine only, and whatever they enter is marked as demo.',
} as const
