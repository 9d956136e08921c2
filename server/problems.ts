/**
 * Every failure that a caller may meet, in one table: key → status and words (RFC 9457). The `type` of a problem is
 * `/problems/<key>` and never changes; words may. `{name}` in a text is filled from the problem's params.
 */
export const PROBLEMS = {
  'not-found': { status: 404, zh: '没有找到：{what}', en: 'Not found: {what}' },
  'route-unknown': { status: 404, zh: '没有这个地址', en: 'There is no such address' },
  'method-unknown': { status: 405, zh: '此地址不支持 {method}，可用 {allowed}', en: '{method} is not possible here; use {allowed}' },
  'plan-unknown': { status: 404, zh: '没有 {year} 年的清单', en: 'There is no list for {year}' },
  'request-invalid': { status: 400, zh: '请求有误：{field} {why}', en: 'The request is wrong: {field} {why}' },
  'instant-invalid': { status: 400, zh: '时刻“{given}”不可用：{why}', en: 'The instant “{given}” will not do: it {whyEn}' },
  'media-type-unknown': { status: 415, zh: '不支持的内容类型 {given}', en: 'Content type {given} is not taken here' },
  'body-too-large': { status: 413, zh: '内容过大，上限 {limit}', en: 'Too large; the limit is {limit}' },
  'too-busy': { status: 429, zh: '正在读取的文件太多，请稍后重试', en: 'Too many files are being read; try again in a moment' },
  'origin-refused': { status: 403, zh: '拒绝来自其他网站的写入请求', en: 'A write from another site is refused' },
  'host-refused': { status: 421, zh: '不认识的主机名 {host}', en: 'Host {host} is not served here' },
  'operator-needed': { status: 401, zh: '管理口令不对（环境变量 OPERATOR_KEY）', en: 'The operator key is not right (environment variable OPERATOR_KEY)' },
  'sign-in-needed': { status: 401, zh: '请先登录', en: 'Sign in first' },
  'sign-in-failed': { status: 401, zh: '账号或密码不对', en: 'The account or the password is not right' },
  'account-locked': { status: 403, zh: '密码多次不对，账号已锁定至 {until}', en: 'Too many wrong passwords: the account is locked until {until}' },
  'account-disabled': { status: 403, zh: '账号已停用，请联系管理员', en: 'The account is disabled; ask an administrator' },
  'demo-account-elsewhere': {
    status: 403,
    zh: '演示账号只能在本机使用（服务对外开放时停用）',
    en: 'Demonstration accounts work only where nobody but this machine reaches the server',
  },
  'sso-away': { status: 503, zh: '单点登录服务暂时连不上，请稍后再试，或用账号密码登录', en: 'Single sign-on does not answer; try again later, or use account and password' },
  'sso-failed': { status: 401, zh: '单点登录没有完成或已过期，请重新登录', en: 'Single sign-on was not completed or took too long; sign in again' },
  'sso-unknown': { status: 403, zh: '身份已确认，但这里没有对应的账号（{name}），请联系系统管理员', en: 'You are known there but have no account here ({name}); ask an administrator' },
  'sso-other': { status: 403, zh: '账号 {name} 已绑定另一个身份，请联系系统管理员', en: 'Account {name} belongs to another identity; ask an administrator' },
  'wall-token-refused': { status: 401, zh: '大屏令牌不可用：{why}', en: 'The wall’s token will not do: {whyEn}' },
  'wall-token-elsewhere': { status: 403, zh: '大屏令牌只能用来显示大屏', en: 'A wall’s token opens the wall and nothing else' },
  'password-change-needed': { status: 403, zh: '首次登录请先修改密码', en: 'Change the password first' },
  'password-weak': { status: 422, zh: '新密码不合要求：{why}', en: 'The new password will not do: {whyEn}' },
  'not-allowed': { status: 403, zh: '没有权限{what}：{why}', en: 'Not allowed to {whatEn}: {whyEn}' },
  'version-conflict': {
    status: 409,
    zh: '已被他人修改（当前版本 {current}，您的版本 {given}），请先载入最新内容',
    en: 'Somebody else changed it (version {current}, yours {given}); load the newest first',
  },
  'state-conflict': { status: 409, zh: '当前状态“{state}”下不能这样做', en: 'Not possible in state “{state}”' },
  'check-unacknowledged': { status: 409, zh: '{number} 有变化尚未知悉，请先知悉再办结', en: '{number} has changed: acknowledge that before closing it' },
  'report-refused': { status: 409, zh: '不能{what} {key}：{why}', en: 'Not possible to {whatEn} {key}: {whyEn}' },
  'report-invalid': { status: 422, zh: '数值有待更正或说明：{key}（{checks}）', en: 'The value needs mending or a reason: {key} ({checks})' },
  'submission-incomplete': { status: 422, zh: '按期报送内容不全：{key}（{gaps}）', en: 'The submission is incomplete: {key} ({gaps})' },
  'mechanism-invalid': { status: 422, zh: '管理方式有误：{why}', en: 'The mechanisms are wrong: {whyEn}' },
  'attachment-type': {
    status: 422,
    zh: '不能附这种文件；可附照片（JPEG、PNG、WebP）、PDF、Word（.docx）、Excel（.xlsx），按内容识别，不看扩展名',
    en: 'Such a file cannot be attached; photos (JPEG, PNG, WebP), PDF, Word (.docx) and Excel (.xlsx) can, known by their content and not by their name',
  },
  'attachments-too-many': { status: 422, zh: '每一格最多附 {limit} 个文件', en: 'A cell may have at most {limit} files' },
  'sheet-file-foreign': { status: 422, zh: '这不是本单位本月的填报模板：{why}', en: 'This is not the month’s template of this unit: {whyEn}' },
  'sheet-file-invalid': { status: 422, zh: '有 {count} 个单元格有误，未写入任何内容', en: '{count} cells are wrong; nothing was written' },
  'reason-missing': { status: 422, zh: '请说明原因：{key}', en: 'Give a reason: {key}' },
  'rule-invalid': { status: 422, zh: '规则不可用：{why}', en: 'The rule will not do: {whyEn}' },
  'back-test-old': { status: 409, zh: '数据已有变化，请重新试算后再保存', en: 'Figures have changed; run the back-test again before saving' },
  'channel-refused': { status: 422, zh: '发送渠道不可用：{why}', en: 'The channel will not do: {whyEn}' },
  'letter-file': { status: 422, zh: '不能用作模板：{why}', en: 'It cannot be a template: {whyEn}' },
  'letter-invalid': { status: 422, zh: '{letter}模板有误：{why}', en: '{letterEn}: the template is wrong: {whyEn}' },
  'order-refused': { status: 409, zh: '督办单 {no}（{state}）不能{what}：{why}', en: 'Order {no} ({stateEn}): not possible to {whatEn}: {whyEn}' },
  'finding-refused': { status: 409, zh: '问题 {no}（{state}）不能{what}：{why}', en: 'Finding {no} ({stateEn}): not possible to {whatEn}: {whyEn}' },
  'finding-invalid': { status: 422, zh: '问题台账内容有误：{why}', en: 'The finding will not do: {whyEn}' },
  'finding-photo-missing': { status: 422, zh: '报整改要附整改后的照片', en: 'A photo of what was put right is needed' },
  'photos-too-many': { status: 422, zh: '每处问题最多附 {limit} 个文件', en: 'A finding may have at most {limit} files' },
  'chainage-past-end': { status: 422, zh: '桩号 {chainage} 超出路段终点 {end}', en: '{chainage} lies past the road’s end {end}' },
  'ledger-file-foreign': { status: 422, zh: '这不是问题台账：没有找到“任务、问题、经度、纬度、发现日期”的表头', en: 'This is no ledger: there are no heads 任务, 问题, 经度, 纬度, 发现日期' },
  'ledger-file-invalid': { status: 422, zh: '有 {count} 个单元格有误，未写入任何内容', en: '{count} cells are wrong; nothing was written' },
  'month-refused': { status: 409, zh: '不能{what} {month}：{why}', en: 'Not possible to {whatEn} {month}: {whyEn}' },
  'month-changed': {
    status: 409,
    zh: '{month} 的上报刚有变化（缺报 {missing}，待审 {waiting}），请核对后再关账',
    en: 'Reports for {month} have just changed ({missing} missing, {waiting} waiting); look again before closing',
  },
  'month-dates-invalid': { status: 422, zh: '日期有误：{why}', en: 'The dates are wrong: {whyEn}' },
  'decision-settled': { status: 409, zh: '此项决定已经办结，或本月会议不在作出决定之后', en: 'The decision is settled, or this meeting is not a later one' },
  'notice-refused': { status: 422, zh: '还不能公示：{why}', en: 'It cannot be published yet: {whyEn}' },
  'notice-changed': {
    status: 409,
    zh: '内容与预览时不同（有数值刚被更正，或日期已变），请重新预览后再发布',
    en: 'It is not what the preview showed (a figure or the day has changed); preview again before publishing',
  },
  'notice-over': { status: 409, zh: '公示期已于 {until} 结束，不再接收意见', en: 'The period for objections ended on {until}' },
  'too-many-objections': { status: 429, zh: '提交过于频繁，请一小时后再试', en: 'Too many objections from here; try again in an hour' },
  'view-unknown': { status: 422, zh: '这个视图不存在：{why}', en: 'There is no such view: {whyEn}' },
  'too-many-snapshots': { status: 429, zh: '您已有 {limit} 个快照在排队，请等其中一些完成', en: 'You have {limit} snapshots waiting; let some of them be made first' },
  'template-name-taken': { status: 409, zh: '已有叫“{name}”的版式', en: 'There is a template called “{name}” already' },
  'too-many-templates': { status: 409, zh: '最多保留 {limit} 个，请先删除一些', en: 'No more than {limit} can be kept: remove some first' },
  'logo-refused': { status: 422, zh: '不能用作标识：{why}', en: 'Not taken as a logo: {whyEn}' },
  'snapshot-not-ready': { status: 409, zh: '文件 {format} 还没有做好（{status}）', en: 'The {format} is not there (status: {status})' },
  'export-too-long': { status: 422, zh: '超过 {limit} 条，请缩小查询范围再导出', en: 'More than {limit} lines: narrow the search before exporting' },
  'file-missing': { status: 422, zh: '没有收到文件：请以 multipart 的 file 字段上传，或直接粘贴文本', en: 'No file came: send it as the multipart field “file”, or as text' },
  'file-empty': { status: 422, zh: '文件是空的', en: 'The file is empty' },
  'file-too-large': { status: 422, zh: '文件（或解压后）超过上限 {limitMB} MB', en: 'The file, or what it unpacks to, is over the limit of {limitMB} MB' },
  'file-too-long': { status: 422, zh: '文件内容过多：单元格、行、页或部件超过上限 {limit}', en: 'The file holds too much: more cells, rows, pages or parts than {limit}' },
  'file-too-slow': { status: 422, zh: '读取超过 {seconds} 秒，已中止；请另存为较小的文件', en: 'Reading took over {seconds} s and was stopped; save it as a smaller file' },
  'file-encrypted': { status: 422, zh: '文件有密码保护，请取消密码后重新保存', en: 'The file asks for a password; save it without one' },
  'file-damaged': { status: 422, zh: '文件已损坏，无法按 {format} 打开：{detail}', en: 'The file is damaged and cannot be opened as {format}: {detail}' },
  'file-with-macros': { status: 422, zh: '文件带有宏，请另存为不带宏的 {format}', en: 'The file carries macros; save it as {format} without them' },
  'format-unknown': {
    status: 422,
    zh: '不认识的文件格式；可用 Word（.docx）、Excel、CSV、文本、网页表格或带文字的 PDF',
    en: 'Unknown format; use Word (.docx), Excel, CSV, text, a web table or a PDF with text',
  },
  'doc-legacy': { status: 422, zh: '旧版 Word 文件（.doc），请另存为 .docx', en: 'A Word file of before 2007 (.doc); save it as .docx' },
  'pdf-without-text': { status: 422, zh: '扫描版 PDF 没有文字层，请先做文字识别', en: 'A scanned PDF without a text layer; run text recognition first' },
  'shape-unknown': { status: 422, zh: '文件中的图形类型不能使用：{found}；图层只收点、线、面', en: 'Shapes of this kind cannot be used: {found}; layers take points, lines and areas' },
  'table-missing': { status: 422, zh: '文件可以打开，但里面没有表格', en: 'The file opens, but there is no table in it' },
  'task-list-unreadable': { status: 422, zh: '读不出任务清单：文件中没有任务清单的表格', en: 'No task list can be read: there is no table of tasks in the file' },
  'task-list-open-problems': {
    status: 422,
    zh: '还有 {count} 个问题未确认或更正，不能入库',
    en: '{count} problems are neither confirmed nor corrected; it cannot be stored yet',
  },
  'correction-invalid': { status: 422, zh: '更正有误：{path} {why}', en: 'The correction is wrong: {path} {why}' },
  'plan-exists': {
    status: 409,
    zh: '{year} 年清单已入库且已有上报数据，不能整体替换',
    en: 'The list for {year} is stored and has reports; it cannot be replaced as a whole',
  },
  'feature-invalid': { status: 422, zh: '要素有 {count} 处有误：{first}', en: '{count} things are wrong with the feature: {firstEn}' },
  'feature-key-taken': { status: 409, zh: '本图层已有标识为 {key} 的要素', en: 'The layer has a feature with the key {key} already' },
  'import-choices-invalid': { status: 422, zh: '导入设置有误：{why}', en: 'The import’s settings are wrong: {whyEn}' },
  'import-has-errors': { status: 409, zh: '有 {count} 个要素有误，请更正文件，或选择“略去有误要素”后重新试算', en: '{count} features have errors: mend the file, or choose to leave them out and run the check again' },
  'import-empty': { status: 409, zh: '没有可以入库的要素', en: 'There is no feature to store' },
  'import-key-taken': { status: 409, zh: '图层中刚有人存入了相同标识的要素，请重新试算', en: 'Somebody has just stored a feature of the same key; run the check again' },
  'import-changed-since': { status: 409, zh: '导入后已有 {count} 个要素被修改，不能整体撤销', en: '{count} features were changed after the import; it cannot be undone as a whole' },
  'export-too-large': { status: 422, zh: '超过 {limit} 个要素，请缩小范围再导出', en: 'More than {limit} features: narrow the choice before exporting' },
  'boundaries-invalid': { status: 422, zh: '边界有误，未入库：{why}', en: 'The boundaries are wrong, nothing was stored: {why}' },
  'database-away': { status: 503, zh: '数据库暂不可用，请稍后重试', en: 'The database is away; try again in a moment' },
  internal: { status: 500, zh: '服务内部错误，已记录（编号 {id}）', en: 'Internal error, logged as {id}' },
} as const satisfies Record<string, { status: number; zh: string; en: string }>
export type ProblemKey = keyof typeof PROBLEMS

export interface ProblemDocument {
  type: string
  title: string
  status: number
  detail: string
  /** The same sentence in both languages, for a client with a language switch. */
  words: { 'zh-CN': string; en: string }
  params: Record<string, unknown>
  /** The field at fault: a JSON pointer into the body, or a parameter's name. */
  field: string | null
  instance?: string
}

/** A failure with a key of the table; thrown anywhere, answered as problem+json. */
export class Problem extends Error {
  readonly key: ProblemKey
  readonly params: Record<string, unknown>
  readonly field: string | null

  constructor(key: ProblemKey, params: Record<string, unknown> = {}, field: string | null = null) {
    super(`${key} ${JSON.stringify(params)}`)
    this.key = key
    this.params = params
    this.field = field
  }

  get status() {
    return PROBLEMS[this.key].status
  }
}

/** The problem as RFC 9457 has it; `title` in the language asked for, both languages in `words`. */
export function problemDocument(problem: Problem, language: 'zh-CN' | 'en', instance?: string): ProblemDocument {
  const row = PROBLEMS[problem.key]
  const words = { 'zh-CN': fill(row.zh, problem.params), en: fill(row.en, problem.params) }
  return {
    type: `/problems/${problem.key}`,
    title: words[language],
    status: row.status,
    detail: words[language],
    words,
    params: problem.params,
    field: problem.field,
    ...(instance ? { instance } : {}),
  }
}

function fill(text: string, params: Record<string, unknown>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))
}
