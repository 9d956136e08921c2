/**
 * What stands in the 2023 list of Qingpu, written down from the document by hand, independent of the reader: for each of the 21 measures that
 * the list splits by town its declared total and every town's figure as written.
 */
export interface ByHand {
  task: number
  name: string
  unit: string
  kind: 'amount' | 'count' | 'length' | 'rate' | 'keep'
  allocation: 'named' | 'each'
  target: number
  /** The declared total as written; null when none is declared. */
  targetText: string | null
  /** Town → the figure exactly as written. */
  quotas: Record<string, string>
}

export const TOWN_SPLIT: readonly ByHand[] = [
  {
    task: 1, name: '乡村振兴示范村建设', unit: '个', kind: 'count', allocation: 'named', target: 3, targetText: '3 个',
    quotas: { 赵巷镇: '1', 重固镇: '1', 练塘镇: '1' },
  },
  {
    task: 2, name: '申报创建2023年度市乡村振兴示范村', unit: '个', kind: 'count', allocation: 'named', target: 9, targetText: '9 个村',
    quotas: { 赵巷镇: '1', 华新镇: '2', 白鹤镇: '1', 朱家角镇: '1', 练塘镇: '1', 金泽镇: '2', 夏阳街道: '1' },
  },
  {
    task: 3, name: '市级美丽乡村示范村创建', unit: '个', kind: 'count', allocation: 'named', target: 15, targetText: '15 个村',
    quotas: { 华新镇: '2', 白鹤镇: '2', 朱家角镇: '2', 练塘镇: '5', 金泽镇: '3', 夏阳街道: '1' },
  },
  { task: 6, name: '村庄设计', unit: '个村', kind: 'count', allocation: 'named', target: 8, targetText: null, quotas: { 金泽镇: '8' } },
  {
    task: 11, name: '提档升级农村公路改造（项）', unit: '项', kind: 'count', allocation: 'named', target: 25, targetText: null,
    quotas: { 赵巷镇: '1', 重固镇: '2', 白鹤镇: '3', 朱家角镇: '5', 练塘镇: '4', 金泽镇: '4', 夏阳街道: '2', 盈浦街道: '1', 香花桥街道: '3' },
  },
  {
    task: 12, name: '生态清洁小流域建设', unit: '项', kind: 'count', allocation: 'named', target: 3, targetText: null,
    quotas: { 重固镇: '1', 朱家角镇: '1', 练塘镇: '1' },
  },
  {
    task: 14, name: '粮食生产任务', unit: '亩', kind: 'amount', allocation: 'named', target: 124000, targetText: '12.4 万亩',
    quotas: {
      赵巷镇: '3950', 徐泾镇: '850', 华新镇: '6100', 重固镇: '10600', 白鹤镇: '12300', 朱家角镇: '21600', 练塘镇: '20200', 金泽镇: '26200',
      夏阳街道: '5400', 盈浦街道: '1850', 香花桥街道: '11600', 现代农业园区: '3350',
    },
  },
  {
    task: 15, name: '蔬菜全年播种面积', unit: '亩次', kind: 'amount', allocation: 'named', target: 167700, targetText: '167700 亩次',
    quotas: {
      赵巷镇: '300', 徐泾镇: '7000', 华新镇: '8500', 重固镇: '12500', 白鹤镇: '51500', 朱家角镇: '18000', 练塘镇: '46000', 金泽镇: '6000',
      夏阳街道: '7000', 盈浦街道: '1400', 香花桥街道: '7000', 现代农业园区: '2500',
    },
  },
  {
    task: 15, name: '蔬菜全年产量', unit: '吨', kind: 'amount', allocation: 'named', target: 379900, targetText: '379900 吨',
    quotas: {
      赵巷镇: '500', 徐泾镇: '11000', 华新镇: '18000', 重固镇: '23000', 白鹤镇: '102900', 朱家角镇: '37500', 练塘镇: '140000', 金泽镇: '14000',
      夏阳街道: '12500', 盈浦街道: '2500', 香花桥街道: '13000', 现代农业园区: '5000',
    },
  },
  {
    task: 15, name: '启动高标准设施菜田项目建设', unit: '亩', kind: 'amount', allocation: 'named', target: 591.49, targetText: '591.49 亩',
    quotas: { 华新镇: '333.49', 夏阳街道: '258' },
  },
  {
    task: 18, name: '种植业绿色生产基地建设', unit: '亩', kind: 'amount', allocation: 'named', target: 16393.94, targetText: '16393.94亩',
    quotas: {
      赵巷镇: '812', 徐泾镇: '343', 白鹤镇: '2157', 朱家角镇: '2748.21', 练塘镇: '1484.24', 金泽镇: '4787.84', 夏阳街道: '1166.61',
      香花桥街道: '2595.04', 现代农业园区: '300',
    },
  },
  {
    task: 18, name: '水产养殖业绿色生产基地建设', unit: '亩', kind: 'amount', allocation: 'named', target: 6463.22, targetText: '6463.22亩',
    quotas: { 朱家角镇: '767.24', 练塘镇: '3238', 金泽镇: '1902.98', 香花桥街道: '120', 现代农业园区: '435' },
  },
  {
    task: 21, name: '水产养殖绿色生产方式推广面积', unit: '亩', kind: 'amount', allocation: 'named', target: 16260, targetText: '16260亩',
    quotas: {
      徐泾镇: '62', 重固镇: '44', 白鹤镇: '284', 朱家角镇: '2046', 练塘镇: '4695', 金泽镇: '8539', 夏阳街道: '286', 盈浦街道: '192', 香花桥街道: '112',
    },
  },
  {
    task: 21, name: '水产健康养殖示范场创建', unit: '家', kind: 'count', allocation: 'named', target: 2, targetText: '2家',
    quotas: { 金泽镇: '1', 朱家角镇: '1' },
  },
  { task: 21, name: '资质到期的示范场复审', unit: '家', kind: 'count', allocation: 'named', target: 2, targetText: '2家', quotas: { 练塘镇: '2' } },
  {
    task: 21, name: '水产养殖尾水治理面积', unit: '亩', kind: 'amount', allocation: 'named', target: 800, targetText: '800亩',
    quotas: { 练塘镇: '380', 金泽镇: '420' },
  },
  {
    task: 24, name: '永久基本农田划定面积', unit: '万亩', kind: 'keep', allocation: 'named', target: 15.2416, targetText: '15.2416 万亩',
    quotas: {
      赵巷镇: '0.4168', 徐泾镇: '0.1892', 华新镇: '0.6764', 重固镇: '1.0459', 白鹤镇: '2.6408', 朱家角镇: '2.1634', 练塘镇: '3.8076', 金泽镇: '2.3995',
      夏阳街道: '0.5278', 盈浦街道: '0.2042', 香花桥街道: '1.1700',
    },
  },
  {
    task: 28, name: '蔬果生产“机器换人”基地建设', unit: '家', kind: 'count', allocation: 'each', target: 2, targetText: null,
    quotas: { 朱家角镇: '1', 练塘镇: '1' },
  },
  {
    task: 29, name: '在建未决算都市农业项目', unit: '个', kind: 'count', allocation: 'named', target: 10, targetText: '10个',
    quotas: { 赵巷镇: '1', 徐泾镇: '1', 华新镇: '2', 白鹤镇: '1', 金泽镇: '1', 夏阳街道: '1', 香花桥街道: '1', 现代农业园区: '2' },
  },
  {
    task: 46, name: '配送文化产品', unit: '次', kind: 'count', allocation: 'named', target: 228, targetText: '228 次',
    quotas: {
      赵巷镇: '12', 徐泾镇: '12', 华新镇: '24', 白鹤镇: '24', 朱家角镇: '24', 练塘镇: '48', 金泽镇: '36', 夏阳街道: '12', 盈浦街道: '24', 香花桥街道: '12',
    },
  },
  {
    task: 50, name: '报送乡村振兴项目', unit: '个', kind: 'count', allocation: 'named', target: 43, targetText: null,
    quotas: { 华新镇: '2', 重固镇: '6', 白鹤镇: '1', 朱家角镇: '14', 练塘镇: '5', 金泽镇: '12', 夏阳街道: '3' },
  },
] // prettier-ignore

const ALL = [
  '赵巷镇',
  '徐泾镇',
  '华新镇',
  '重固镇',
  '白鹤镇',
  '朱家角镇',
  '练塘镇',
  '金泽镇',
  '夏阳街道',
  '盈浦街道',
  '香花桥街道',
]

/** District no., municipal no., category, name, leads, deadline, number of towns (or their names when few). */
export const TASKS: readonly (readonly [number, number, number, string, string, string, number | string])[] = [
  [1, 1, 1, '完成 2022 年度乡村振兴示范村建设', '区农业农村委', '2023-10-31', '赵巷镇、重固镇、练塘镇'],
  [2, 2, 1, '开展 2023 年度乡村振兴示范村建设', '区农业农村委', '2023-12-31', 7],
  [3, 3, 1, '开展市级美丽乡村示范村创建', '区农业农村委', '2023-12-31', 6],
  [4, 4, 2, '推进农民相对集中居住', '区建管委', '2023-12-31', 10],
  [5, 5, 2, '加强农房建设管理', '区建管委', '2023-12-31', 9],
  [6, 6, 2, '加强村庄设计', '区规划资源局', '2023-12-31', '金泽镇'],
  [7, 7, 3, '实施农村人居环境优化提升行动', '区农业农村委', '2023-12-31', 11],
  [8, 8, 3, '开展国家卫生镇创建', '区卫生健康委', '2023-12-31', 0],
  [9, 9, 3, '推进村内路桥建设管护', '区建管委', '2023-12-31', '赵巷镇、白鹤镇、金泽镇'],
  [10, 10, 3, '推进农村低收入户危旧房改造', '区建管委', '2023-12-31', '白鹤镇、朱家角镇、金泽镇'],
  [11, 11, 3, '推进“四好农村路”高质量发展', '区建管委', '2023-12-31', 9],
  [12, 12, 3, '提升农村水体环境质量', '区水务局', '2023-12-31', '重固镇、朱家角镇、练塘镇'],
  [13, 13, 3, '推进农村自建房安全隐患排查整治', '区建管委', '2023-06-30', 11],
  [14, 14, 4, '稳定粮食生产', '区农业农村委', '2023-12-31', 12],
  [15, 15, 4, '稳定蔬菜播种面积和产量', '区农业农村委', '2023-12-31', 12],
  [16, 16, 4, '推进种业创新发展', '区农业农村委', '2023-12-31', 11],
  [17, 17, 4, '做好长江禁渔工作', '区农业农村委', '2023-12-31', 11],
  [18, 19, 5, '加强农产品绿色发展', '区农业农村委', '2023-12-31', 9],
  [19, 20, 5, '推进绿色田园先行片区建设', '区农业农村委', '2023-12-31', '练塘镇、现代农业园区'],
  [20, 21, 5, '夯实生猪稳产保供', '区农业农村委', '2023-12-31', 11],
  [21, 22, 5, '推进水产绿色养殖', '区农业农村委', '2023-11-30', 9],
  [22, 23, 5, '推进秸秆综合利用', '区农业农村委', '2023-12-31', 0],
  [23, 24, 5, '加强农产品质量安全监管', '区农业农村委', '2023-12-31', 11],
  [24, 25, 5, '严格保护耕地', '区规划资源局', '2023-12-31', 11],
  [25, 26, 5, '推进全域土地综合整治', '区规划资源局', '2023-12-31', '金泽镇'],
  [26, 27, 6, '加快农业数字化转型', '区农业农村委', '2023-12-31', 11],
  [27, 28, 6, '推进高标准农田建设', '区农业农村委', '2023-12-31', '赵巷镇、朱家角镇、香花桥街道'],
  [28, 29, 6, '推进蔬菜生产“机器换人”', '区农业农村委', '2023-12-31', '朱家角镇、练塘镇'],
  [29, 30, 6, '推进都市现代农业项目建设', '区农业农村委', '2023-12-31', 8],
  [30, 31, 6, '培育高素质农民', '区农业农村委', '2023-12-31', 11],
  [31, 32, 7, '推进农业品牌建设', '区农业农村委', '2023-12-31', 12],
  [32, 33, 7, '发展休闲农业和乡村旅游', '区农业农村委', '2023-12-31', 11],
  [33, 34, 7, '发展乡村民宿', '区文化旅游局', '2023-12-31', '朱家角镇、练塘镇、金泽镇'],
  [34, 35, 7, '推进农村零售终端网点建设', '区商务委', '2023-12-31', 11],
  [35, 36, 8, '加强农村基层党组织建设', '区委组织部', '2023-12-31', 11],
  [36, 37, 8, '完善常态化驻村帮扶工作机制', '区委组织部', '2023-12-31', 11],
  [37, 38, 8, '提升平安乡村建设', '区委政法委', '2023-12-31', 11],
  [38, 39, 8, '完善“阳光村务工程”', '区民政局', '2023-12-31', 11],
  [39, 40, 8, '推进法治乡村建设', '区司法局', '2023-12-31', 11],
  [40, 41, 8, '加强农村移风易俗工作监督', '区农业农村委', '2023-12-31', 11],
  [41, 42, 8, '推进“平安屋”建设', '公安青浦分局', '2023-12-31', 11],
  [42, 43, 9, '加强农业招商引资', '区农业农村委', '2023-12-31', 12],
  [43, 44, 9, '推动农村集体经济高质量发展', '区农业农村委', '2023-12-31', 0],
  [44, 45, 9, '推进农村宅基地改革和管理', '区农业农村委', '2023-12-31', 11],
  [45, 46, 10, '推进农村精神文明建设', '区文明办', '2023-12-31', 11],
  [46, 47, 10, '加强乡村文化建设', '区文化旅游局', '2023-12-31', 11],
  [47, 48, 10, '夯实基层医疗服务网络', '区卫生健康委', '2023-12-31', 0],
  [48, 50, 10, '加强农村体育工作', '区体育局', '2023-12-31', 11],
  [49, 51, 10, '推进学生劳动教育基地建设', '区教育局', '2023-12-31', 11],
  [50, 52, 10, '加强用地保障力度', '区规划资源局', '2023-12-31', 11],
  [51, 53, 11, '加强财政投入保障', '区财政局', '2023-12-31', 8],
  [52, 54, 11, '推动金融支持乡村振兴', '区发改委（金融办）、区财政局', '2023-12-31', 11],
  [53, 55, 11, '加强农业保险工作', '区农业农村委', '2023-12-31', 11],
  [54, 56, 11, '加强乡村振兴统计与信息监测', '区农业农村委', '2023-12-31', 11],
  [55, 57, 11, '推进国有企业与涉农区开展乡村振兴对接合作', '区国资委', '2023-12-31', '朱家角镇、练塘镇、金泽镇'],
  [56, 58, 11, '落实五级书记抓乡村振兴', '区委农办、区委组织部', '2023-12-31', 11],
]

export const CATEGORIES: readonly string[] = [
  '持续推进“两个示范村”建设',
  '全面推进农民集中居住',
  '优化提升人居环境',
  '调整优化农业产业结构',
  '推行农业绿色生产方式',
  '强化农业科技装备支撑',
  '促进乡村产业融合发展',
  '加强乡村社会治理',
  '深化农业农村改革',
  '提高农村公共服务质量',
  '增强乡村振兴保障力度',
]

/** Every problem that a person should see, as task and kind; nothing else is reported. */
export const PROBLEMS: readonly string[] = [
  '- category-title-differs', '- category-title-differs', '- category-title-differs', '- number-missing',
  '2 adjustable', '3 adjustable', '3 share-assumed', '13 share-assumed', '13 share-assumed', '6 adjustable', '8 town-missing', '9 total-without-split', '9 total-without-split', '10 total-without-split',
  '10 adjustable', '11 statements-differ', '11 total-without-split', '15 placed-by-tag', '15 total-without-split', '15 total-without-split',
  '15 total-without-split', '15 total-without-split', '16 total-without-split', '18 total-without-split', '21 statements-differ',
  '22 town-missing', '25 number-not-understood', '27 total-without-split', '28 total-without-split', '30 total-without-split', '32 range',
  '32 range', '32 range', '39 number-not-understood', '39 number-not-understood', '39 adjustable', '41 total-without-split',
  '42 each-or-together', '43 town-missing', '45 each-or-together', '45 each-or-together', '45 each-or-together', '45 number-not-understood',
  '47 town-missing', '48 statements-differ', '49 range', '50 category-unlikely',
] // prettier-ignore

export const ELEVEN = ALL
