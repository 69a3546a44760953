// What the watch page says of itself, in the viewer's language.

const EN = {
  live: "LIVE",
  connecting: "Connecting",
  stalled: "Waiting for the picture",
  unsupported: "This browser cannot play the show",
  tap: "Tap for sound",
  ai: "AI-generated host",
  speaks_for: (host, shop) => `${host} is an AI, not a person. This host speaks for ${shop}. Voice and picture are AI-generated, and this is a sales stream.`,
  on_show: "On show",
  products: "All products",
  link: (n) => `No. ${n}`,
  until: (text) => `until ${text}`,
  stock: (n) => (n ? `${n} in stock` : "sold out"),
  empty: "Ask anything about the products. Prices and facts come straight from the shop's catalogue.",
  ask: "Ask about a product…",
  send: "Send",
  name: "Your name",
  speak: "Ask by voice (English voice messages, up to 30 s)",
  speaking: "Listening. English voice messages, up to 30 s.",
  understanding: "Working out what you said…",
  heard: (text) => `Heard: “${text}”`,
  cancel: "Cancel",
  no_microphone: "The microphone could not be used. Allow it in the browser, or type your question.",
  offline: "Not connected. Your question was not sent; please try again.",
  answering: "answering",
  you: "you",
  voice: "voice",
  mute: "Sound off",
  unmute: "Sound on",
}

const FR = {
  ...EN,
  live: "EN DIRECT",
  connecting: "Connexion",
  stalled: "En attente de l'image",
  unsupported: "Ce navigateur ne peut pas lire l'émission",
  tap: "Activer le son",
  ai: "Animatrice générée par IA",
  speaks_for: (host, shop) => `${host} est une IA, pas une personne. Cette animatrice parle au nom de ${shop}. Voix et image sont générées par IA ; ceci est une émission de vente (publicité).`,
  on_show: "À l'écran",
  products: "Tous les produits",
  link: (n) => `N° ${n}`,
  until: (text) => `jusqu'au ${text}`,
  stock: (n) => (n ? `${n} en stock` : "épuisé"),
  empty: "Posez vos questions sur les produits. Les prix et les faits viennent du catalogue de la boutique.",
  ask: "Votre question sur un produit…",
  send: "Envoyer",
  name: "Votre nom",
  speak: "Question vocale (messages vocaux en anglais, 30 s au plus)",
  speaking: "Je vous écoute. Messages vocaux en anglais, 30 s au plus.",
  understanding: "Transcription…",
  heard: (text) => `Entendu : « ${text} »`,
  cancel: "Annuler",
  no_microphone: "Le micro n'a pas pu être utilisé. Autorisez-le dans le navigateur, ou écrivez votre question.",
  offline: "Non connecté. Votre question n'est pas partie ; réessayez.",
  answering: "réponse en cours",
  you: "vous",
  voice: "vocal",
  mute: "Couper le son",
  unmute: "Activer le son",
}

const ZH = {
  ...EN,
  live: "直播中",
  connecting: "连接中",
  stalled: "等待画面",
  unsupported: "此浏览器无法播放",
  tap: "点按打开声音",
  ai: "AI 生成 · 数字人",
  speaks_for: (host, shop) => `${host} 是人工智能生成的数字人，不是真人，代表 ${shop} 发言。声音和画面均由人工智能生成。本直播为销售直播（广告）。`,
  on_show: "正在展示",
  products: "全部商品",
  link: (n) => `${n} 号`,
  until: (text) => `截至 ${text}`,
  stock: (n) => (n ? `库存 ${n}` : "已售罄"),
  empty: "欢迎提问。价格和信息均直接来自店铺商品目录。",
  ask: "输入关于商品的问题…",
  send: "发送",
  name: "你的昵称",
  speak: "语音提问（仅支持英语语音，最长 30 秒）",
  speaking: "正在听。仅支持英语语音，最长 30 秒。",
  understanding: "正在识别…",
  heard: (text) => `听到：“${text}”`,
  cancel: "取消",
  no_microphone: "无法使用麦克风。请在浏览器中允许，或改用文字提问。",
  offline: "尚未连接，问题没有发出，请重试。",
  answering: "正在回答",
  you: "我",
  voice: "语音",
  mute: "静音",
  unmute: "打开声音",
}

const ALL = { en: EN, fr: FR, zh: ZH }

export const LANGUAGES = [["en", "EN"], ["fr", "FR"], ["zh", "中文"]]

export function preferred() {
  for (const tag of navigator.languages ?? []) {
    const language = tag.slice(0, 2).toLowerCase()
    if (ALL[language]) return language
  }
  return "en"
}

export const words = (language) => ALL[language] ?? EN
