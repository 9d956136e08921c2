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
  demoTitle: '演示账号',
  demoText: '点一个身份直接进入。密码都是 {password}；演示账号只在本机有效，所填数值都标“演示”。',
} as const
