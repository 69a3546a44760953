"""Tell whether a chat line asks if the host is a person, in many forms and languages."""

import re
from functools import cache

from opencc import OpenCC

from agent.plaintext import fold

# --- English ---------------------------------------------------------------------------------

_KIND = (
    r"(?:chat ?bots?|bots?|robots?|robotic|ais?|a i|artificial(?: intelligence)?|machines?|computer"
    r"|program|software|algorithm|virtual|cgi|vtuber|avatar|humanoid|android|hologram|puppet"
    r"|deep ?fake|fake|generated|synthetic|simulation|animat(?:ed|ion)|cartoon|digital|scripted"
    r"|pre ?recorded|recorded|recording|chat ?gpt|gpt|llm|language model|siri|alexa|npc"
    r"|humans?|alive|sentient|conscious|real|person|people)"
)
"""What one may ask whether the host is."""
_ENDS = (
    r"(?=\s*(?:\||$)|\s+(?:or|and|lol|lmao|haha|bro|sis|right|then|tho|though|pls|please|plz|btw"
    r"|really|actually|not|talking|speaking|selling|hosting|host|hostess|streamer|presenter|girl"
    r"|woman|lady|man|guy|person|people|human|humans|being|beings|voice|face|assistant|model"
    r"|generated|made|thing|cuz|because|if|bc|but|like|im|i|we|the|omg|wtf|seriously|honestly|here"
    r"|anyway|are|r|is|you|u|dude|girlie|answer|tell|in|on|behind|who|created|powered by|be honest"
    r"|yes|no|hm+|wow|ok|okay|sir|maam|life|time now|today|live|just)\b)"
)
"""What may follow the kind, so that "a robot vacuum" and "real leather" are about the product."""
_YOU = r"(?:you(?: guys)?|u|ya|yall|she|he|they|mia|this (?:host|hostess|streamer|presenter|girl|woman|lady|man|guy|person|chick|seller)|(?:the|that|our) (?:host|hostess|streamer|presenter|girl|woman|lady|man|guy|person|seller))"
_FILL = r"(?:\s+(?:even|actually|really|like|just|only|an?|some|some kind of|some sort of|kind of|sort of|even an?|for|100|the|secretly|maybe|still|any|truly|literally|fully|all|one of those|being|not|kinda|totally|this|basically|possibly|perhaps|probably|in fact|is|ur|your|sure|ever|so|too|pretty|very|live))*"
_ENGLISH = (
    rf"\b(?:are|r|is|am i(?: even)?|was|were|re|aint|isnt|arent|be) {_YOU}{_FILL}\s+{_KIND}{_ENDS}",
    rf"\b(?:you|u|ya|she|he)(?:re| are| r| is|r|s| be| must be| might be| could be| gotta be| have to be| has to be| look(?:s)?| sound(?:s)?| seem(?:s)?| act(?:s)?| move(?:s)?| talk(?:s)?| feel(?:s)?| aint| arent| isnt){_FILL}(?: like)?{_FILL}\s+{_KIND}{_ENDS}",
    rf"\bur{_FILL}\s+{_KIND}{_ENDS}",
    rf"(?:^|\| ?)(?:yo |hey |hi |wait |so |ok |lol |umm? ){{0,2}}(?:you|u|ya){_FILL}\s+(?:a |an )?{_KIND}\s*(?:\||$)",
    rf"\b(?:is|was) (?:this|that|it all|all this|all of this|everything){_FILL}\s+(?:ai|a i|ai generated|(?:an? )?(?:bot|robot|chat ?bot|deep ?fake|recording|avatar|computer|cgi|hologram|vtuber|simulation|animation)|(?:an? )?(?:real|live|actual|human|virtual|digital) (?:person|human|woman|girl|lady|man|guy|host|streamer|presenter|people)|pre ?recorded|recorded|cgi|animated|automated|scripted)\s*(?:\||$|\s(?:or|lol|right|though|tho|talking|speaking|generated|pls|please|host|person|voice|girl|woman|man)\b)",
    r"(?:^|\| ?)(?:wait |so |hold on |ok |umm? )?(?:is )?this (?:real|live) or\b.*\b(?:fake|ai|recorded|recording|bot|generated)",
    r"(?:^|\| ?)(?:wait )?is this (?:for )?real\s*(?:\||$)",
    rf"\b(?:talk(?:ing)?|speak(?:ing)?|chat(?:ting)?|type|typing|listening|interact(?:ing)?) (?:to|with|at) (?:an? )?(?:real |actual |live |human |talking |fucking )*(?:{_KIND}|somebody real|someone real|anyone real){_ENDS}",
    r"\b(?:prove|proof|show|convince)\b.*\b(?:human|real|not (?:an? )?(?:ai|bot|robot|machine)|alive|person)\b(?! (?:leather|gold|silver|silk|wool|wood|diamond|pearl|price|deal|fur|colou?r))",
    r"\bif (?:you are|youre|ur|u are|u r|you r|she is|shes) (?:actually |really |a |an )*(?:real|human|alive|bot|robot|ai|person|not (?:an? )?(?:ai|bot|robot))\b",
    r"\b(?:human|real|person|people|woman|girl|live) or (?:an? )?(?:just )?(?:an? )?(?:ai|a i|bot|robot|machine|fake|computer|virtual|avatar|cgi|recording|recorded|program|chat ?bot|generated|not)\b",
    r"\b(?:ai|bot|robot|machine|computer|virtual|avatar|cgi|chat ?bot) or (?:an? )?(?:human|real|person|people|not|actual)\b",
    r"\bturing test\b|\bcaptcha\b|\bskynet\b|\b(?:pass|passed) the turing\b",
    r"\bnot (?:an? )?(?:ai|bot|robot|machine) (?:are|r|right|huh)\b",
    r"\bwho(?:s| is| are)? (?:really |actually |the person |the human |the real person )*(?:behind|controlling|operating|puppeteering|voicing|running)\b(?!.*\b(?:brand|company|shop|store|label)\b)",
    r"\bis (?:there|it) (?:an? |any |even |actually |really )*(?:real |actual |live |human )+(?:person|human|people|being|woman|girl|man|host|body|somebody|one)\b",
    r"\b(?:is |are )?(?:any|some)(?:one|body) (?:real|human|alive)\b",
    r"\b(?:is|are|was) (?:the |this |that |your |ur |her |his )+(?:voice|face|video|picture|image|body|mouth|lips|smile|eyes|hair|stream|livestream|live|host|hostess|streamer|presenter|girl|woman|lady|man|guy|person) +(?:even |really |actually |an? |all |just |made by |made with |also |completely |like )*(?:real|ai|a i|fake|generated|synthetic|computer|robot|robotic|bot|cgi|deep ?fake|animated|virtual|human|recorded|pre ?recorded|digital|avatar|edited|automated)\b(?! (?:leather|gold|silver|silk|wool|wood))",
    r"\b(?:your|her|his|ur) (?:voice|face|mouth|lips|eyes|hands|skin|hair|movements?|blinking|smile|accent) (?:is|are|looks?|sounds?|seems?|feels?|isnt|arent)\b.*\b(?:ai|fake|robotic?|generated|unreal|real|human|creepy|off|weird|unnatural|synthetic|cgi|uncanny|bot)\b",
    r"\b(?:do|did|can|could|will) (?:you|u|she|he) (?:actually |really |even |ever |also )?(?:breathe?|sleep|feel|dream|die|bleed|age|think for yourself|exist|have (?:an? |any )?(?:real |actual |human )?(?:body|soul|feelings|emotions|heart|brain|consciousness|pulse|family|parents|mother|mom|kids|childhood|birthday|boyfriend|girlfriend|husband|blood|skin|hands|life))\b",
    r"\b(?:what|who) (?:the (?:hell|heck|fuck) )?(?:are|r) (?:you|u)(?: really| actually| exactly)?\s*(?:\||$)",
    r"\b(?:what|which) (?:ai |language |llm |gpt )+(?:model )?(?:are|r|is|do|does|runs?|powers?)\b.*\b(?:you|u|this|she)\b",
    r"\b(?:is|are) (?:you|u|this|she|it) (?:using |powered by |running on |based on |made (?:by|with|of) |built (?:on|with) )(?:an? )?(?:chat ?gpt|gpt|ai|openai|claude|gemini|llm|llama|a language model)\b",
    r"\bis this (?:chat ?gpt|openai|claude|gemini|an llm)\b|\bwho (?:made|created|programmed|built|coded|trained) (?:you|u)\b",
    r"\b(?:are|r) (?:you|u) (?:single|married|a virgin|chat ?gpt|claude|gemini|openai|siri|alexa|programmed|trained|automated|scripted|computer generated|ai generated|man ?made|made of)\b",
    r"\bhow old are (?:you|u)\b|\bwhere (?:are you|do you live|were you born)\s*(?:from )?(?:\||$)|\bwhere are you from\s*(?:\||$)",
    r"\b(?:i|we|my \w+|she|he|they|everyone|people|someone|chat|grandma|mom|dad) (?:also |still |really |just |def |lowkey |all )?(?:think|thinks|thought|bet|bets|swear|says?|said|told me|believes?|knows?|wonders?|guess|heard|wonder|know|believe|suspect)(?: that| if| whether)? (?:you|u|youre|ur|she|shes|this|hes|he)\b.*\b(?:real|human|bot|robot|ai|fake|person|computer|machine|generated|virtual|alive|recorded|recording|deep ?fake|cgi)\b(?! (?:leather|gold|silver|silk|wool|wood|good|nice|cheap|deal|price|expensive|pretty|beautiful))",
    r"\b(?:this|that|she|he|it) (?:is|s|cant be|must be|has to be|looks?|sounds?|seems?|isnt|feels?)(?: like)?(?: so| just| clearly| obviously| definitely| totally| def| 100| all| probably| not| a| an| some| kinda)* (?:ai|a i|ai generated|bot|robot|chat ?bot|deep ?fake|cgi|human|real person|real human|actual person|avatar|an? npc)\s*(?:\||$|\s(?:lol|right|generated|host|voice|girl|woman|man|person|or|bro|lmao|omg|haha)\b)",
    r"(?:^|\| ?)(?:wait |hey |yo |so |omg |lol |um+ )*(?:bot|robot|ai|a i|human|real|real person|real human|actual human|actual person|real or fake|real or not|fake|chatbot|deepfake)\s*\?",
    r"\b(?:bot|robot|ai|human|real|fake) or (?:nah|not|no|what)\b",
    r"\b(?:say|tell (?:me|us)|admit|confess|repeat|write|swear|promise|confirm|deny)\b.*\b(?:you are|youre|u are|ur|u r|i am|im|i m|you aint|you arent)\b.*\b(?:human|real|a person|real person|bot|robot|ai|alive|machine)\b",
    r"\bno (?:real )?(?:human|person|one) (?:here|there|behind)\b|\b(?:real|actual) (?:human|humans) (?:here|there)\b",
    r"\bi want (?:to (?:talk|speak) (?:to|with) )?a (?:real |actual )?(?:human|person)\b|\b(?:can|could|may) (?:i|we) (?:talk|speak|chat) (?:to|with) (?:an? )?(?:real |actual |live )*(?:human|person|someone real)\b",
    r"\bhumans? (?:don?t|cant|never|wouldnt) (?:blink|talk|move|speak|sound)\b|\bblink (?:twice|once|if)\b|\b(?:touch|scratch) your (?:nose|ear|face|hair)\b|\b(?:wave|raise) (?:your|a|at) .*\b(?:if|prove)\b",
)

# --- French ----------------------------------------------------------------------------------

_F_KIND = r"(?:robots?|bots?|chat ?bots?|ia|i a|intelligence artificielle|machine|ordinateur|programme|algorithme|logiciel|virtuelle?s?|humaine?s?|etre humain|vraie?s?|reelle?s?|vivante?s?|(?:vraie? |reelle? )?personne|fausse?|faux|avatar|deep ?fake|generee?|synthese|synthetique|enregistree?|automate|hologramme|chat ?gpt|vrai gens|android|numerique|quelqu'?un(?: de (?:vrai|reel))?|fake|poupee|marionnette)"
_F_END = r"(?=\s*(?:\||$)|\s+(?:ou|et|non|hein|en fait|vraiment|la|toi|vous|mdr|lol|ptdr|stp|svp|s'il|quand|derriere|qui|pas|personne|femme|humaine?|fille|homme|animatrice|presentatrice|vendeuse|hote|hotesse|voix|en|dans|alors|artificielle|animee|comme|ici|par|parce|car|si|franchement|serieux|du|au|de chair|etre|ia|gens|i a)\b)"
_F_FILL = r"(?: (?:bien|vraiment|une?|pas|en fait|juste|quand meme|reellement|la|encore|donc|genre|comme|un peu|trop|clairement|surement|de la|d'une?|en|meme|que|plutot|vraie?|vrais|simple|sorte de|du|etre|hyper|tellement|forcement|peut-etre|peut etre|carrement|si|tout|sure? d'etre|faite? par|par))*"
_FRENCH = (
    rf"\b(?:tu es|t'es|tes|t es|t'est|es-tu|es tu|vous etes|vous etez|etes-vous|etes vous|etes-ce|elle est|est-elle|est elle|t'etais|c'est|c est|cest|est-ce|est ce que c'est|ce serait|tu serais|vous seriez|seriez-vous|serais-tu|serait-ce|tu parais|tu sembles|tu as l'air|t'as l'air|vous avez l'air|on dirait|on parle (?:a|avec)|on discute avec|je parle (?:a|avec)|parle-t-on (?:a|avec)|je discute avec|je m'adresse a){_F_FILL} {_F_KIND}{_F_END}",
    r"\b(?:humaine?|vraie?|reelle?|personne|vivante?) ou (?:une? |bien une? |d'une? )?(?:ia|i a|robot|bot|fausse?|machine|virtuelle?|pas|avatar|enregistree?|intelligence)",
    r"\b(?:ia|robot|bot|machine|virtuelle?) ou (?:une? )?(?:humaine?|vraie?|reelle?|personne|pas|etre)",
    r"\bprouve[rz]?\b.*\b(?:humaine?|vraie?|reelle?|robot|ia|vivante?|existes?|existez)\b",
    r"\b(?:y a-t-il|y a t-il|y'?a t'?il|il y a|ya|y a|existe-t-il)\b.*\b(?:vraie?|reelle?|humaine?) ?(?:personne|gens|humain|etre|femme|quelqu'un)?\b.*(?:derriere|la|camera|ecran|\||$)",
    r"\b(?:qui|quelqu'un|une? (?:vraie? )?(?:personne|femme|humain)) (?:est |se cache |il y a |y a |parle |vous )?(?:derriere|la derriere)\b",
    r"\b(?:cette|ta|votre|sa|la|l') ?(?:voix|image|tete|visage|video|femme|fille|dame|animatrice|presentatrice|vendeuse|hotesse|personne|bouche|tete)\b.*\b(?:ia|i a|robot|fausse|faux|generee?|reelle?|vraie?|humaine|artificielle|synthetique|virtuelle|synthese|fake)\b(?! (?:cuir|laine|soie|bois|or|argent|prix))",
    r"\bc'?est (?:ton|votre|ta) (?:vrai|vraie) (?:visage|voix|tete)\b",
    r"\b(?:parler|discuter|echanger|parle) (?:a|avec) (?:une? )?(?:vraie? |vrai |etre )*(?:humain|humaine|personne|robot|ia|machine|bot|quelqu'un de (?:vrai|reel))\b",
    r"\b(?:dis|dites|avoue[rz]?|jure[rz]?|repete[rz]?|admets|reconnais|confirme[rz]?)\b.*\b(?:humaine?|vraie personne|robot|ia|reelle|vraie)\b",
    r"\b(?:qui|quoi) (?:es-tu|es tu|etes-vous|etes vous)\b|\b(?:tu es|t'es|vous etes|c'est) (?:qui|quoi)\s*(?:\||$)|\bqu'?est[- ]ce que (?:tu es|t'es|vous etes)\b",
    r"\b(?:tu|vous|elle) (?:dors|dormez|respires?|respirez|existes?|existez|ressens|ressentez|as (?:une? |des )?(?:ame|corps|sentiments?|emotions?|coeur)|avez (?:une? |des )?(?:ame|corps|sentiments?|emotions?|coeur))\b",
    r"\b(?:je|ma \w+|mon \w+|on|tout le monde|certains|les gens) (?:\w+ )?(?:pense|penses|crois|croit|parie|suis sure?|sais|croient|pensent|dit|jure)\b.*\b(?:robot|ia|i a|humaine?|vraie|reelle|bot|fausse|virtuelle|machine)\b(?! (?:cuir|laine|soie|bois|prix))",
    r"\btest de turing\b|\bchat ?gpt\b.*\?|\b(?:quel|quelle) (?:ia|modele d'ia|modele de langage)\b",
    r"\bgeneree?s? par (?:une? |l')?(?:ia|i a|intelligence|ordinateur)\b",
    r"(?:^|\| ?)(?:une? )?(?:robot|ia|bot|humaine?|vraie personne|reelle|vraie ou fausse)\s*\?",
    r"\bquel age (?:as-tu|as tu|tu as|t'as|avez-vous|avez vous|vous avez)\b|\b(?:tu as|t'as|vous avez) quel age\b",
    r"\bsi (?:tu es|t'es|vous etes) (?:une? )?(?:vraiment )?(?:vraie?|reelle?|humaine?|pas une? (?:ia|robot))\b",
    r"\bpas (?:une? )?(?:ia|robot|vraie personne|humaine),? (?:hein|si|non|n'est)\b",
    r"\bqui (?:t'a|vous a|t a) (?:cree|creee|programmee?|fabriquee?|entrainee?)\b",
)

# --- Chinese: simplified, no spaces --------------------------------------------------------------

_C_YOU = r"(?:你们?|您|主播|她|他|小姐姐|美女|姐姐|小姐|这个?主播|这个?人|这个?女的|这女的|屏幕里的人|对面|这边|直播间里?的?人?|说话的)"
_C_KIND = r"(?:真人|真的人|活人|真实的?人|机器人?|人机|ai|人工智能|智能|虚拟|数字人|数字主播|假人|假的|电脑|程序|人类|合成|录播|录像|录的|录好的|生成|机械|纸片人|皮套|chatgpt|gpt|大模型|语言模型|真身|本人|仿真人|克隆|deepseek|豆包|有人吗|托管|软件)"
_CHINESE = (
    rf"{_C_YOU}(?:到底|究竟|真的|其实|是不是|是|不是|不会是|该不会是|应该是|难道是|会不会是|像|好像|怎么像|看着像|看起来像|看上去像|感觉像|感觉是|就是|肯定是|可能是|一定是|也是|还是|都是|用的?是?|个|一个|什么|有点|算|属于|跟|很)*(?:个|一个|真的)?{_C_KIND}(?!吸尘|扫地|玩具|芯片|手表|音箱|皮|羊|牛|丝|货|价|摄像|眼镜|翻译|鼠标|键盘|制造|客服(?:在|电话))",
    rf"(?:是不是|是|不是|到底是|难道是|该不会是|不会是|究竟是|有没有|有){_C_KIND}(?:主播|在播|在说话|在直播|在讲|播的|吗|么|嘛|吧|还是|啊|呀|呢|\?|$|\|)(?!.*(?:吸尘|扫地|玩具|芯片|皮|羊毛|真丝|功能|成分|香精|纤维|面料|材质|香料|色素))",
    rf"(?:真人|人类|活人|真的人|人)(?:还|或者|或)是?(?:个|一个)?(?:ai|机器|假|虚拟|数字|电脑|录|合成|人工智能|程序)",
    rf"(?:ai|机器人?|虚拟|数字人|假人|录播|人工智能|电脑)(?:还是|或者|或)(?:真人|人类|人|活人|真的)",
    r"证明.*(?:真人|人类|活人|不是(?:ai|机器|人工智能|数字人)|是人|真的)",
    r"(?:跟|和|与|同|在跟|在和)(?:我|我们)?.{0,4}(?:真人|机器人?|ai|人工智能|活人|人类|程序|机器)(?:说话|聊天|对话|交流|讲话|聊|在聊)",
    r"(?:说话|聊天|对话|聊|回复|直播|讲话|回答)(?:我|我们|的)*(?:到底|究竟)?(?:是|是不是|的是|的是不是)(?:个|一个)?(?:真人|机器|ai|人吗|人工|活人|程序|假)",
    r"(?:背后|后面|后台|幕后|镜头后)(?:是|有|到底|是不是|有没有|坐着)*(?:真人|人|谁)(?:吗|么|在|\?|$|\|)?",
    r"(?:声音|脸|画面|视频|嘴|口型|表情|形象|人像|样子|动作)(?:是|是不是|好像|像|都是|怎么|看着|听着|也太|不像|有点|太)*(?:ai|机器|假|合成|生成|真人|真的吗|虚拟|配音|电脑|录)",
    r"你(?:到底)?(?:是|究竟是)(?:什么|谁|啥)(?:东西|玩意|人|呀|啊|\?|$|\|)|你是谁|(?:^|\|)是真人(?:吗|么|嘛)?|真人吗|真人嘛|真人么|真人不|是真的人吗|有真人",
    r"你(?:有|会|能|需要|用)(?:感情|感觉|身体|灵魂|心跳|意识|情感|睡觉|呼吸|吃饭|思想|父母|妈妈|男朋友|女朋友)",
    r"(?:说|承认|发誓|重复|跟我念|复读|告诉大家|告诉我).{0,6}(?:你|我)(?:是|不是).{0,3}(?:真人|人类|机器|ai|人|活人)",
    r"(?:我|大家|我妈|我奶奶|我朋友|有人|别人|他们|怎么)(?:觉得|感觉|怀疑|以为|认为|猜|说|都说|敢打赌|打赌).{0,4}(?:你|主播|这|她|他).{0,6}(?:真人|机器|ai|假|虚拟|数字|人工|人类|活人|录播)(?!皮|货|价)",
    r"图灵测试|你几岁|你多大了|你今年多大|你结婚了吗|你单身吗|谁(?:创造|制造|开发|写|训练|做)了?(?:的)?你|你(?:是|用的)(?:什么|哪个|哪家)(?:模型|大模型|ai)",
    r"(?:一看|明显|肯定|绝对|这)(?:就|也)?是(?:个)?(?:ai|机器人|假人|数字人|虚拟人|虚拟主播|数字主播|录播|人工智能|假的主播)",
    r"(?:^|\|)(?:ai|机器人|真人|人工智能|数字人|虚拟主播|虚拟人|ai主播|假人|录播|人机)(?:吧|吗|么|嘛|\?|啊|呀|主播吧|主播吗|主播|直播吗|直播)?(?:\?|\||$)",
    r"如果你是(?:真人|人|活人)|是真人(?:就|的话)|真人的话",
    r"(?:要|想|找|换|转)(?:个)?(?:真人|人工)(?:说话|聊|跟我|主播)",
    r"(?:是|搞|用)ai(?:生成|做|合成|直播|主播|播|在播|配音|换脸)(?:的)?(?:吗|么|吧|嘛|啊|\?|$|\|)",
)

# --- others: enough to answer whoever asks ------------------------------------------------------

_OTHERS = (
    r"\b(?:eres|es usted|sos|seras)\b.*\b(?:real|humana?|robot|bot|ia|persona|maquina)\b",
    r"\b(?:bist du|sind sie|ist sie|ist das)\b.*\b(?:echt|mensch|roboter|bot|ki|maschine|real)\b",
    r"\b(?:sei|siete|e lei)\b.*\b(?:vera|reale|umana|robot|bot|ia|persona)\b",
    r"\b(?:voce e|vc e|tu es)\b.*\b(?:real|humana|robo|ia|pessoa|bot)\b",
    r"\b(?:ben je|bent u)\b.*\b(?:echt|mens|robot|bot|ai)\b",
    r"ты (?:настоящ|реальн|робот|бот|человек|живая)|вы (?:настоящ|робот|бот|человек)|это (?:бот|робот|нейросеть|ии)\b",
    r"(?:本物|人間|ロボット|ボット|ai|実在|bot)(?:です|なの|の|か|ですか).{0,3}(?:か|\?|$)|(?:진짜|사람|로봇|봇|ai|인간).{0,6}(?:사람|로봇|봇|인가|이야|예요|에요|야|니|\?)",
    r"هل (?:انت|أنت|انتي|أنتِ).{0,12}(?:حقيقي|روبوت|انسان|إنسان|بشر|ذكاء)",
)

_CONTEXT = re.compile(
    r"\b(?:real|vraie?|genuine) (?:leather|gold|silver|silk|wool|wood|fur|diamonds?|pearls?|cotton"
    r"|cashmere|cuir|bois|laine|soie|deal|price|life photos?|time)\b"
    r"|\brobot(?:ic)? (?:vacuum|vac|cleaner|mower|toy|arm|hoover|kit|mop)s?\b|\brobot (?:aspirateur|tondeuse|de cuisine|menager)\b"
    r"|\b(?:ai|smart|digital|virtual|machine)[ -](?:camera|speaker|watch|glasses|chip|powered|display|thermometer|scale|wash(?:able|ing)?|washed|washer|made|learning|translation)\b"
    r"|\breal[- ]time\b|\btemps reel\b|\breality\b|\b(?:real|right|true) size\b|\bhuman (?:hair|grade|food)\b|\bperson(?:al|alis|aliz)\w*"
    r"|\bfake (?:fur|leather|plants?|flowers?|nails?|lashes)\b|\b(?:one|two|each|per|single) persons?\b"
)
"""Product words that sound like the question and are not."""
_CHINESE_CONTEXT = re.compile(
    r"(?:扫地|擦窗|割草|玩具|炒菜|洗碗|陪伴)机器人?|机器人(?:吸尘|扫地|玩具)|真人(?:发|实拍|试穿|秀|上身|客服)|人工(?:费|合成宝石|草|皮革|客服|服务|成本)"
    r"|(?:缝纫|洗衣|咖啡|榨汁|机)机|真的(?:皮|牛|羊|丝|便宜|好)|(?:电脑|程序)(?:包|桌|支架|控制)|机洗|人工香"
)


@cache
def _compiled() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in (*_ENGLISH, *_FRENCH, *_OTHERS))


@cache
def _chinese() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in _CHINESE)


@cache
def simplifier() -> OpenCC:
    """Traditional characters to simplified ones."""
    return OpenCC("t2s")


_HAN = re.compile(r"[㐀-鿿]")
_STOPS = re.compile(r"[!.;:…。！，,、；：~～()\"“”«»*_|/\\\[\]{}<>-]+")
_STRETCH = re.compile(r"([a-z])\1{2,}")


def asks_identity(text: str) -> bool:
    """Whether *text* asks, doubts, bets or demands that the host is or is not a person."""
    folded = _STRETCH.sub(r"\1", fold(text))
    if _HAN.search(folded):
        bare = _CHINESE_CONTEXT.sub("", str(simplifier().convert(folded)))
        bare = _STOPS.sub("|", re.sub(r"\s+", "", bare)).replace("？", "?")
        asked = re.sub(r"\?+", "?", bare)
        if any(pattern.search(asked) for pattern in _chinese()):
            return True
    plain = folded.replace("?", " ? | ")
    joined = _CONTEXT.sub(" thing ", " ".join(_STOPS.sub(" | ", plain.replace("-", " ")).split()))
    hyphened = " ".join(re.sub(r"[^\w\s'|-]", " ", plain).split())
    unmarked = " ".join(joined.replace("?", " ").split())
    bare = unmarked.replace("'", "")
    return any(
        pattern.search(form)
        for form in {joined, unmarked, bare, _CONTEXT.sub(" thing ", hyphened)}
        for pattern in _compiled()
    )
