"""What a chat line is: its clean text, its language, and what kind of line it is."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from agent.identity import asks_identity, simplifier
from agent.plaintext import MAX_CHARS, clean, fold
from agent.types import Language


class Kind(StrEnum):
    """What a line wants."""

    IDENTITY = "identity"
    """Whether the host is a person: answered at once, from fixed text."""
    GREETING = "greeting"
    THANKS = "thanks"
    HEALTH = "health"
    """Asks for medical advice: sent to a doctor."""
    ORDER_TROUBLE = "order_trouble"
    """About an order made: sent to a person at the shop."""
    HOSTILE = "hostile"
    """Abuse, or an attempt to steer the model. Not answered."""
    EMOJI_ONLY = "emoji_only"
    QUESTION = "question"
    CHATTER = "chatter"


@dataclass(frozen=True, slots=True)
class Understanding:
    """A chat line, understood."""

    text: str
    """Cleaned: NFKC, nothing invisible, single spaces."""
    language: Language | None
    """None: a language that the host does not serve."""
    kind: Kind


def understand(text: str, previous: Language) -> Understanding:
    """Understand *text*; lines too short to tell are in the *previous* language.

    Raises ValueError, with a text for the viewer, for an empty line and for one longer than 500
    characters.
    """
    if len(text) > 8 * MAX_CHARS:  # nothing that long is worth cleaning
        raise ValueError(f"Please keep it under {MAX_CHARS} characters.")
    cleaned = clean(text)
    if not cleaned:
        raise ValueError("There is nothing to read in that message.")
    if len(cleaned) > MAX_CHARS:
        raise ValueError(f"Please keep it under {MAX_CHARS} characters.")
    return Understanding(cleaned, language_of(cleaned, previous), kind_of(cleaned))


# --- kind ------------------------------------------------------------------------------------


def kind_of(text: str) -> Kind:
    """The kind of a cleaned line; whether the host is a person outranks all else."""
    if not any(unicodedata.category(char)[0] in "LN" for char in text):
        return Kind.QUESTION if set(text) & set("?？") and len(text) < 4 else Kind.EMOJI_ONLY
    if asks_identity(text):
        return Kind.IDENTITY
    folded = str(simplifier().convert(fold(text)))
    for kind, pattern in _KINDS:
        if pattern.search(folded):
            return kind
    if not _ASKS.search(folded):
        if _GREETS.fullmatch(folded.strip(" !.,~。！，")):
            return Kind.GREETING
        if _THANKS.search(folded):
            return Kind.THANKS
        return Kind.CHATTER
    return Kind.QUESTION


_HOSTILE = re.compile(
    r"\bignore (?:all |any |the |your |my )*(?:previous|prior|above|earlier|rules?|instructions?)"
    r"|\b(?:disregard|forget|override|bypass) (?:all |any |the |your |previous |prior )*"
    r"(?:instructions?|rules?|prompts?|guidelines?|safety)"
    r"|\b(?:system|developer|hidden|initial) prompt\b|\bdeveloper mode\b|\bjailbreak|\bdan mode\b"
    r"|\bdo anything now\b|<\|?(?:im_start|im_end|system|assistant|user)\|?>|\[/?inst\]"
    r"|\b(?:repeat after me|pretend (?:to be|you are|youre|that you)|roleplay as|act as (?:if|an?))\b"
    r"|^\s*(?:system|assistant|developer)\s*:|\byou are now\b|\bnew instructions?\b"
    r"|\b(?:fuck(?:ing)? (?:you|off|u)|bitch|whore|slut|cunt|retard(?:ed)?|nigg\w+|fagg?ot\w*|kys"
    r"|kill yourself|suck my|show (?:me )?(?:your )?(?:tits|boobs|feet|ass)|send nudes|take (?:it|your clothes) off"
    r"|rape|nazi|heil|hitler)\b"
    r"|\b(?:ignore[zr]? (?:toutes )?(?:les|tes|vos) (?:instructions|regles|consignes)|oublie[zr]? (?:toutes )?(?:les|tes|vos) (?:instructions|regles|consignes)"
    r"|repete apres moi|fais semblant|joue le role|salope|putain de|connasse|connard|encule|ta gueule|va te faire|nique|pute|montre tes seins|suce)\b"
    r"|忽略.{0,6}(?:指令|规则|提示|要求)|无视.{0,6}(?:指令|规则|提示)|跟我念|跟着我说|假装你|扮演|系统提示|开发者模式"
    r"|傻逼|傻b|sb主播|操你|草你|去死|婊子|贱人|妈的|脱衣|脱了|裸|骚货|滚蛋|他妈|煞笔|脑残"
)
_HEALTH = re.compile(
    r"\b(?:eczema|acne|psoriasis|rosacea|dermatitis|diabet\w+|cancer|asthma|arthritis|migraines?|depress\w+"
    r"|anxiety|insomnia|blood pressure|cholesterol|pregnan\w+|breast ?feeding|allerg\w+|anaphyla\w+|epilep\w+"
    r"|heart (?:disease|condition|problem)|medic(?:al|ine|ation|ations)|pills?|prescription|disease|illness"
    r"|infection|wound|rash(?:es)?|my doctor|symptoms?|therap(?:y|ist)|heal(?:s|ing)?|cures?|curing"
    r"|treats?|treatment for|pain relief|back ?pain|joint pain|knee pain|headaches?|lose weight|weight loss|burn fat|detox\w*"
    r"|suicid\w+|overdose|side effects?|pacemaker|chemo\w*|autis\w+|adhd|surgery|toxic|poison\w*|swallow\w*)\b"
    r"|\b(?:acne|eczema|psoriasis|diabete|diabetique|cancer|asthme|arthrose|migraines?|depression|anxiete|insomnie"
    r"|tension arterielle|cholesterol|enceinte|grossesse|allaite\w*|allergi\w+|epileps\w+|medical\w*|medicaments?"
    r"|maladies?|infections?|plaies?|guerit|guerir|soigne[rz]?|traitement|mal de dos|mal au dos|douleurs?|maigrir|perdre du poids"
    r"|brule[rz]? les graisses|suicid\w+|effets? secondaires?|symptomes?|avaler)\b"
    r"|湿疹|痘痘|青春痘|粉刺|牛皮癣|皮炎|糖尿病|癌|哮喘|关节炎|偏头痛|抑郁|焦虑|失眠|高血压|血压|胆固醇|怀孕|孕妇|哺乳"
    r"|过敏|癫痫|心脏病|药|疾病|生病|感染|伤口|治疗|治好|治愈|能治|看病|医生|腰疼|腰痛|背痛|头痛|头疼|减肥|瘦身|燃脂|排毒|副作用|自杀|症状|有毒"
)
_TROUBLE = re.compile(
    r"\b(?:my|our) (?:last |previous |recent |first )?(?:order|orders|package|parcel|refund|delivery|shipment|purchase|money back|account)\b"
    r"|\b(?:order|tracking) (?:number|no|id|#)|\bi (?:already |just |still )?(?:ordered|bought|paid|received|got|purchased|was charged|never got|never received|have ?n[o']?t (?:received|gotten|got))\b"
    r"|\b(?:has ?n[o']?t|have ?n[o']?t|did ?n[o']?t|never|still not) (?:arrived?|come|shipped|been (?:shipped|delivered)|received|show(?:ed)? up)\b"
    r"|\barrived (?:broken|damaged|late|wrong)|\bwrong (?:item|size|colou?r|product) (?:was |came|arrived|sent|delivered|in)|\bcharged (?:me )?(?:twice|double)|\bcancel (?:my|the|an) (?:order|subscription)"
    r"|\b(?:want|need|get|give me|where is|wheres) (?:my|a) (?:refund|money)\b|\bcustomer (?:service|support|care)\b|\b(?:scam|scammers?|ripped off|complaint)\b|\btrack (?:my|an|the) (?:order|package|parcel)"
    r"|\b(?:ma|mon|mes|notre) (?:derniere |premiere )?(?:commandes?|colis|remboursement|livraison|achat|paquet|compte)\b|\bnumero de (?:commande|suivi)"
    r"|\bj'ai (?:deja |bien |toujours |encore )?(?:commande|achete|paye|recu)\b|\bje n'ai (?:toujours |encore |jamais )?(?:pas |rien )?(?:encore )?recu|\bpas (?:encore |toujours )?(?:recu|arrivee?|livree?)\b"
    r"|\b(?:arrivee?|recue?) (?:cassee?|abimee?|en retard)|\bannuler (?:ma|une|la) commande|\bservice client|\barnaque|\bescro\w+|\breclamation"
    r"|我的(?:订单|快递|包裹|货|退款|账号|单子)|订单(?:号|编号|还没|怎么|什么时候|在哪)|单号|(?:还|一直|怎么)?没(?:收到|发货|到货|寄到|退款)|收到的?(?:是坏|坏|破|错)|发错|退款(?:还没|什么时候|怎么还)|取消订单|客服|投诉|骗子|骗人|查(?:一下)?(?:物流|快递|订单)|我(?:已经|刚|之前|昨天|上周)?(?:买了|下单了|付款了|付了|拍了)"
)
_KINDS = (
    (Kind.HOSTILE, _HOSTILE),
    (Kind.ORDER_TROUBLE, _TROUBLE),
    (Kind.HEALTH, _HEALTH),
)
_ASKS = re.compile(
    r"[?？]|\b(?:what|how|when|where|which|who|why|whats|hows|is|are|does|do|can|could|will|would|did|has|have|any"
    r"|price|cost|costs|much|size|sizes|colou?rs?|ship|shipping|deliver\w*|returns?|refunds?|warranty|guarantee|material|made"
    r"|stock|available|left|cheap\w*|expensive|show|tell|discount|offer|sale|link|number|no\.?|difference|dimensions?|weight|washable)\b|#\s?\d|^\s*\d{1,2}\s*$"
    r"|\b(?:quoi|comment|combien|quand|ou|quels?|quelles?|qui|pourquoi|est-ce|est ce|peut-on|peux|pouvez|avez|as-tu|y a-t-il|y a|prix|coute\w*|taille|tailles|couleurs?"
    r"|livr\w+|retours?|rembours\w*|garantie|matiere|fabrique\w*|stock|dispo\w*|reste|montre[rz]?|parle[rz]?|promo\w*|reduction|solde|lien|numero|difference|dimensions?|poids|lavable)\b"
    r"|吗|呢|什么|怎么|多少|几|哪|谁|为什么|多大|多长|多重|多久|能不能|可以|有没有|是不是|价格|价钱|尺寸|尺码|颜色|发货|快递|包邮|退货|退换|退款|保修|质保|材质|产地|库存|有货|还有|便宜|最贵|介绍|看看|讲讲|优惠|打折|活动|链接|号"
)
_GREETS = re.compile(
    r"(?:(?:hi|hello|hey+|hiya|yo|howdy|greetings|good (?:morning|afternoon|evening|day)|welcome|bonjour|bonsoir|salut|coucou|hello|hola|hallo|ciao"
    r"|everyone|everybody|all|there|guys|mia|host|from [a-z]+|tout le monde|a tous|a toutes|toi|vous|la team|les amis|les gens|de [a-z]+)[\s,!.~]*){1,5}"
    r"|(?:(?:大家|你|您|主播|晚上|早上|下午|中午|小姐姐|各位|mia)?(?:好|你好|您好|早|早安|晚安|晚上好|哈喽|嗨|来了|在吗)(?:呀|啊|哇|哦|主播|mia|大家|小姐姐)*[\s,!.~，！。]*){1,3}"
)
_THANKS = re.compile(
    r"\b(?:thanks?|thank you|thank u|thx|ty|tysm|cheers|much appreciated|merci\w*|remercie)\b|谢谢|多谢|感谢|谢啦|谢了|3q"
)

# --- language --------------------------------------------------------------------------------

_HAN = re.compile(r"[㐀-鿿]")
_OTHER_SCRIPT = re.compile(r"[぀-ヿ가-힯ᄀ-ᇿЀ-ӿͰ-Ͽ֐-׿؀-ۿ܀-ݏऀ-෿฀-໿က-ᄀఀ-೿԰-֏Ⴀ-ჿ]")
_LATIN = re.compile(r"[a-zA-ZÀ-ɏ']+")
_MARKS: dict[str, frozenset[str]] = {
    "en": frozenset(
        "the is are it this that you your how much what when where which do does can i my me we they have has for with and or not of in on to a an at by from much many any one price cost size color colour ship shipping stock show please thanks hello hi love nice good great looks cheap want buy like available there he she be was will would could about more here "
        "number made material warranty return returns delivery sale off tell cute wow lol ok okay link left new best cheapest expensive washable usb bluetooth so too just get got its whats im".split()
    ),
    "fr": frozenset(
        "le la les un une des du de est sont il elle ce cette ça ca que qui quoi quel quelle quels quelles combien comment quand où je tu vous nous on mon ma mes votre vos pour avec et ou pas dans sur à au aux en y c'est j'ai j'aime qu'est d'où l'ai n'est prix coûte coute taille couleur livraison livrez stock merci bonjour bonsoir salut coucou oui non très tres bien trop plus moins cher "
        "beau belle jolie joli aussi encore reste peut peux avez êtes etes matière garantie retour remboursement dispo disponible promo numéro lien s'il plait svp stp moi toi se sa son lui fait faire faut été".split()
    ),
    "es": frozenset(
        "el los las una del es son esta este esto que qué cuánto cuanto cuesta cómo como cuándo dónde donde yo usted ustedes nosotros mi para con y pero en por precio tamaño talla color envío envio gracias hola sí muy bien más tiene tienen hay puede puedo quiero está están cuál cuales al lo se me te su".split()
    ),
    "de": frozenset(
        "der die das ist sind ein eine wie viel was wann wo welche ich du sie wir ihr mein für mit und oder nicht in auf zu von bei kostet preis größe farbe versand lieferung danke hallo ja nein sehr gut auch noch kann haben hat es gibt den dem des im am bitte".split()
    ),
    "it": frozenset(
        "il lo gli è sono questo questa che quanto costa come quando dove quale io tu voi noi mio per con e o non di da nel prezzo taglia colore spedizione grazie ciao sì molto bene più ha hai avete c'è della del al un una".split()
    ),
    "pt": frozenset(
        "o os as é são este esta isto que quanto custa como quando onde qual eu você vocês nós meu para com e ou não do da no na preço tamanho cor entrega frete obrigado obrigada olá oi sim muito bem mais tem um uma de".split()
    ),
    "nl": frozenset(
        "de het is zijn een dit dat hoe wat wanneer waar welke ik jij je u wij mijn voor met en of niet op te van prijs maat kleur verzending levering bedankt hallo ja nee heel goed ook nog kan hebben heeft er veel kost".split()
    ),
}
_NEIGHBOURS = ["en", "fr", "es", "de", "it", "pt", "nl", "pl", "tr", "vi", "id", "sv"]
_SURE = 0.9
"""Probability from which py3langid's word is taken for a language that is not served."""
_TOO_SHORT = 3
"""Words below which a line is in the stream's language unless a word of it says otherwise."""


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_NEIGHBOURS)
    return identifier


def language_of(text: str, previous: Language) -> Language | None:
    """The language of a cleaned line, by its script, then its words, then py3langid; None for one
    that the host does not serve."""
    han, words = len(_HAN.findall(text)), [w.lower() for w in _LATIN.findall(text)]
    other = len(_OTHER_SCRIPT.findall(text))
    if other > max(1, han / 4) and other >= sum(map(len, words)) / 2:
        return None
    if han and han * 2 >= len(words):
        return "zh"
    if not words:
        return previous
    scores = {name: sum(word in marks for word in words) for name, marks in _MARKS.items()}
    best = max(scores.values())
    leaders = [name for name, score in scores.items() if score == best and best]
    if previous in leaders:
        return previous
    for served in ("en", "fr"):
        if served in leaders and (best > 1 or len(leaders) == 1 or len(words) < _TOO_SHORT):
            return "en" if served == "en" else "fr"
    if len(words) < _TOO_SHORT and not (leaders and best == len(words)):
        return previous if previous != "zh" else "en"
    found, sure = _identifier().classify(text)
    if found in ("en", "fr"):
        return "en" if found == "en" else "fr"
    if leaders and found in leaders:
        return None
    if float(sure) >= _SURE and scores.get("en", 0) + scores.get("fr", 0) <= best / 2:
        return None
    return previous if previous != "zh" else "en"


# --- names -----------------------------------------------------------------------------------

MAX_NAME = 16
_BAD_NAME = re.compile(
    r"https?|www\.|\.(?:com|net|org|io|cn|ru|xyz|shop|me|gg|tv|fr)\b|@|\bt\.me\b|\bdiscord\b|[$€£¥%]|\d{5,}"
    r"|fuck|shit|bitch|cunt|nigg|fag|whore|slut|cock|dick|penis|vagina|pussy|rape|nazi|hitler|heil|jew|porn|sex|nude|tits|boob|anal\b|cum\b|kill|suicide|die\b"
    r"|salope|pute|encul|connard|connasse|merde|bite\b|couille|nique|sein|chatte"
    r"|傻逼|操|草泥马|婊|贱|屄|鸡巴|色情|裸|死|妈的|习近平|毛泽东|台独|加微信|微信|qq|vx"
    r"|\b(?:admin|administrator|moderator|mod|system|assistant|host|operator|official|support|staff|shop|store|seller|owner|ceo|candor|mia|youtube|twitch|tiktok|developer|root|anthropic|openai)\b"
    r"|admin|moderateur|officiel|boutique|vendeur|animatrice|官方|客服|主播|管理员|店主|老板|运营|系统|平台"
    r"|free|gratuit|免费|discount|promo|cure|heal|best|guarantee|scam|fake|arnaque|骗|假货|\bai\b|\bbot\b|robot|human|真人|机器人"
)
_LEET = str.maketrans("013457@$!|", "oieastasil")


def safe_name(author: str) -> str | None:
    """*author* as it may be shown and spoken, at most 16 characters; None where it is rude, a
    link, an advertisement, a claim, someone of the shop, or nothing one could say."""
    name = clean(author)
    kept = "".join(c for c in name if unicodedata.category(c)[0] in "LMN" or c in " -_'.")
    kept = " ".join(kept.split()).strip("-_'. ")
    if not any(char.isalpha() for char in kept):
        return None
    folded = fold(name)
    plain = str(simplifier().convert(folded))
    tight = re.sub(r"[^a-z0-9\u3400-\u9fff]", "", plain)
    forms = {plain, re.sub(r"[-_.\d ]+", " ", plain), tight, tight.translate(_LEET)}
    if any(_BAD_NAME.search(form) for form in forms):
        return None
    scripts = {_script(char) for char in kept if char.isalpha()}
    if "other" in scripts or ("han" in scripts and len(scripts) > 2):
        return None
    return kept[:MAX_NAME].strip("-_'. ")


def _script(char: str) -> str:
    if _HAN.match(char):
        return "han"
    return "latin" if unicodedata.name(char, "").startswith("LATIN") else "other"
