/** Signing in. */
export default {
  title: '登录乡图',
  account: '账号',
  password: '密码',
  enter: '登录',
  busy: '正在登录…',
  sso: '单点登录',
  already: '当前以{name}身份登录；再登录会换成另一个账号。',
  help: '忘记密码或没有账号，请联系系统管理员。密码连续输错五次，账号锁定十五分钟。',
  failed: {
    'sso-away': '单点登录服务暂时连不上，请稍后再试，或用账号密码登录。',
    'sso-failed': '单点登录没有完成或已过期，请重新登录。',
    'sso-unknown': '身份已确认，但这里没有对应的账号，请联系系统管理员。',
    'sso-other': '同名的账号已绑定另一个身份，请联系系统管理员。',
    'account-disabled': '账号已停用，请联系系统管理员。',
    'demo-account-elsewhere': '演示账号只能在本机使用。',
    idle: '很久没有操作，已自动退出。登录后回到原来的页面。',
    ended: '登录已结束：长时间没有操作、在别处退出，或由管理员结束。登录后回到原来的页面。',
  },
  demoTitle: '演示账号',
  demoText: '点一个身份直接进入。密码都是 {password}；演示账号只在本机有效，所填数值都标“演示”。',
} as const
