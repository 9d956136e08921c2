import type { District } from './town.ts'

/** Qingpu (青浦区), Shanghai: codes of the statistics bureau (2023); the agricultural park has quotas but no code there, so it has ours. */
export const QINGPU: District = {
  code: '310118',
  name: '青浦区',
  nameEn: 'Qingpu District',
  towns: [
    { code: '310118105', name: '赵巷镇', shortName: '赵巷', nameEn: 'Zhaoxiang', kind: 'town' },
    { code: '310118106', name: '徐泾镇', shortName: '徐泾', nameEn: 'Xujing', kind: 'town' },
    { code: '310118107', name: '华新镇', shortName: '华新', nameEn: 'Huaxin', kind: 'town' },
    { code: '310118109', name: '重固镇', shortName: '重固', nameEn: 'Chonggu', kind: 'town' },
    { code: '310118110', name: '白鹤镇', shortName: '白鹤', nameEn: 'Baihe', kind: 'town' },
    { code: '310118102', name: '朱家角镇', shortName: '朱家角', nameEn: 'Zhujiajiao', kind: 'town' },
    { code: '310118103', name: '练塘镇', shortName: '练塘', nameEn: 'Liantang', kind: 'town' },
    { code: '310118104', name: '金泽镇', shortName: '金泽', nameEn: 'Jinze', kind: 'town' },
    { code: '310118001', name: '夏阳街道', shortName: '夏阳', nameEn: 'Xiayang', kind: 'subdistrict' },
    { code: '310118002', name: '盈浦街道', shortName: '盈浦', nameEn: 'Yingpu', kind: 'subdistrict' },
    { code: '310118003', name: '香花桥街道', shortName: '香花桥', nameEn: 'Xianghuaqiao', kind: 'subdistrict' },
    { code: '310118P01', name: '现代农业园区', shortName: '农业园区', nameEn: 'Agricultural Park', kind: 'park' },
  ],
  regions: [{ names: ['青西地区', '青西三镇'], towns: ['310118102', '310118103', '310118104'] }],
}
