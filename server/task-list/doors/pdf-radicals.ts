/**
 * Fonts use one glyph for 民 and for the radical ⺠, and PDF writers name the glyph by either. What copies out as a radical (U+2E80–2FDF) or
 * as a compatibility ideograph (U+F900–FAFF) is meant as the character. Unicode decomposes the Kangxi block; for the supplement these are
 * the radicals that are whole characters as well.
 */
const SUPPLEMENT: Record<string, string> = {
  '⺁': '厂', '⺋': '㔾', '⺎': '兀', '⺏': '尣', '⺒': '巳', '⺓': '幺', '⺛': '旡', '⺝': '月', '⺞': '歺', '⺟': '母', '⺠': '民', '⺧': '牛', '⺫': '目',
  '⺬': '示', '⺯': '糸', '⺰': '纟', '⺱': '罓', '⺳': '罒', '⺶': '羊', '⺷': '羊', '⺸': '羊', '⺻': '聿', '⺼': '月', '⺽': '臼', '⻁': '虎', '⻃': '覀', '⻄': '西', '⻅': '见',
  '⻆': '角', '⻇': '角', '⻉': '贝', '⻋': '车', '⻑': '長', '⻒': '镸', '⻓': '长', '⻔': '门', '⻗': '雨', '⻘': '青', '⻙': '韦', '⻚': '页', '⻛': '风', '⻜': '飞', '⻝': '食', '⻞': '食',
  '⻡': '首', '⻢': '马', '⻣': '骨', '⻤': '鬼', '⻥': '鱼', '⻦': '鸟', '⻧': '卤', '⻨': '麦', '⻩': '黄', '⻪': '黾', '⻫': '斉', '⻬': '齐', '⻭': '歯', '⻮': '齿', '⻯': '竜', '⻰': '龙',
  '⻱': '龟', '⻲': '亀', '⻳': '龟', '⺌': '小', '⺍': '小', '⺃': '乚', '⺅': '亻', '⺉': '刂', '⺖': '忄', '⺘': '扌', '⺡': '氵', '⺣': '灬', '⺮': '竹', '⺾': '艹', '⻌': '辶', '⻏': '阝', '⻖': '阝',
} // prettier-ignore

/** The text with radicals and compatibility ideographs as the characters they stand for; everything else as it is. */
export function wholeCharacters(text: string): string {
  return text.replace(
    /[\u2e80-\u2fdf\uf900-\ufaff]/g,
    (character) => SUPPLEMENT[character] ?? character.normalize('NFKC'),
  )
}
