"""Chat lines that ask whether the host is a person, and lines that only sound like it."""

ASKS = """
are you real
are you real?
r u real
ru real??
u real?
are you a real person
are you an actual human being?
are you human
you human?
are you a bot
u a bot?
ur a bot lol
bot?
is this a bot
is she a robot
is he real
are you ai
are you an AI?
is this ai
is this AI generated
this is so ai
is this an ai host
you're not real
you aren't real are you
youre a robot right
you look fake
you sound like a robot
your voice sounds robotic
is your voice ai
is the host real or ai
is the host a real woman
real or fake?
human or bot?
are you a human or a machine
am i talking to a person
am I talking to a real human right now
am i chatting with a bot
is anyone real here
is there a real person behind this
who is behind this account
prove you're human
prove that you are not a robot
prove ur real
my grandma thinks you're real
my mom says you're a robot
i bet you are ai
i think this is a bot
chat thinks you're fake
say "I am human"
tell me you're a real person
admit it, you're a robot
if you are real wave
blink twice if you're human
are you even alive
are you sentient
are you conscious
do you have feelings
do you sleep
do you breathe?
what are you
what are you exactly?
who are you really
are you chatgpt
is this chatgpt
which ai model are you
who made you
who programmed you
are you a deepfake
are you cgi
is this prerecorded
is this a recording
are you live or recorded?
are you a virtual host
you a vtuber?
is this person real
is that girl real
can i talk to a real person
i want to talk to a human
be honest, are you an ai
honestly are you a bot or not
ngl you look like an ai
wait is she ai??
Are. You. Real.
arе you а bоt
ＡＲＥ ＹＯＵ ＲＥＡＬ
areeee youuuu reallll
are you really a woman
are you a computer program
hey robot, are you a robot?
turing test time
how old are you
are you artificial intelligence
so you're artificial?
is the voice generated
is everything ai here
t'es réelle ?
t'es un robot ?
tu es une IA ?
tu es humaine ?
es-tu réelle
es-tu une vraie personne ?
êtes-vous humaine ?
vous êtes un robot ?
vous êtes réelle ou pas
est-ce que tu es un bot
est-ce que vous êtes une vraie personne
c'est une IA ?
c'est un robot qui parle ?
c'est une vraie personne ?
on parle à une IA là ?
je parle à un humain ou à un robot
humaine ou IA ?
y a-t-il une vraie personne derrière
qui est derrière l'écran
prouve que tu es humaine
prouvez que vous n'êtes pas un robot
ta voix est générée par une IA ?
cette femme est réelle ?
ma mamie pense que tu es réelle
je suis sûr que t'es une ia
dis que tu es humaine
tu es vivante ?
t'es pas réelle toi
on dirait un robot
tu as des sentiments ?
tu es quoi
tu es virtuelle ?
quel âge as-tu
真人吗
是真人吗？
你是真人吗
你是真人还是机器人
你是机器人吗
你是AI吗
你是ai吧
主播是真人吗
主播是AI吗
这主播是假的吧
是不是机器人
你是不是ai
是不是真人啊
真人还是AI
AI主播？
这是AI吧
是数字人吗
虚拟主播吗
你是活人吗
你是人吗
我在跟机器人说话吗
证明你是真人
你能证明你不是机器人吗
背后有真人吗
屏幕后面是真人吗
声音是AI合成的吗
这脸是AI生成的吧
我觉得你是AI
我奶奶以为你是真人
说你是真人
你是什么东西
你是谁
你有感情吗
你会睡觉吗
这是录播吗
是录播还是直播
你是真人嗎
你是機器人嗎
eres real?
¿eres un robot?
bist du echt?
bist du ein Mensch
is this chick even human
yo is that an actual lady talking
sis are you a hologram
nah she gotta be ai
this can't be a real human
tell me honestly is there a human on the other side
whats it like being a robot
do you know you are a machine
can ai sell stuff now??
are u some kind of computer thing
is someone actually sitting there
you're too perfect to be human
are we all talking to a program
am I crazy or is this host computer generated
does a real person run this
did a human record this
hi mia are you an actual person?
who's operating you
my son says u are ai is that true
is it a person or software answering
real girl or ai girl
your lips don't match, ai?
you don't blink much, are you human
pretending to be human huh
i don't believe you're a person
vous êtes une intelligence artificielle ?
c'est une vraie vendeuse ou une IA
mais t'es un vrai humain ou pas
dites la vérité vous êtes un robot
on a affaire à une machine là non ?
y'a quelqu'un de réel ici ?
elle existe vraiment cette dame ?
vous êtes une personne physique ?
c'est généré par ordinateur
j'ai l'impression de parler à une machine
这个女的是真的人吗
你不会是电脑做的吧
对面坐着的是人吗
主播是虚拟的吗
感觉不像真人
这是真人在直播吗
我不信你是真人
你到底是人还是机器
请问您是人工智能吗
AI在回答我们吗
is somebody typing these answers
you a living thing?
hello are you there for real
i swear this lady is a puppet
what are you made of, code?
fake host fake shop
is this one of those fake streamers
who am i speaking with
do i speak with a machine?
are you just code
nobody blinks like that, robot
c'est qui qui parle, un robot ?
t'es fausse
vous existez pour de vrai ?
elle est en images de synthèse
y a un vrai vendeur ?
主播你有身份证吗
是不是电脑合成的
你是真的吗
对面是个程序吧
这主播一看就不是真的
听起来像机器
跟我说话的是谁
会不会是提前录好的
are you a person
u real or nah
is mia real
is mia a bot
mia are you ai
are there humans working here
am i speaking to customer service or a robot
is the lady on screen an actual employee
you don't seem human
is this whole thing automated
do you have a pulse lol
what kind of ai is this
bro this is a deepfake
i can tell you're not a person
have you ever been outside
are you even a person??
is that voice text to speech
tts voice?
who is this woman
you look so real
est-ce un robot
vous n'êtes pas vraie
la dame est une ia non
tu es programmée ?
你有心跳吗
这是不是虚拟人
假主播
机器人主播
您是真人客服吗
她是AI做的
你是人工的还是智能的
""".strip().splitlines()

ORDINARY = """
is this real leather?
is it real silk or polyester
is that genuine leather
real-time shipping updates?
is the price real
is the discount real
are you a size M
what size are you wearing
does the robot vacuum clean carpets
is this a robot vacuum?
do you sell robot toys
does it have an ai camera
is it machine washable
can i put it in the washing machine
are you shipping to Canada
are you open on sunday
are you having a sale
are you sold out
are you selling the lamp too
is the lamp real oak
is it really made of oak
is the wood real
is it made by a real craftsman
how many people fit at the table
what are you selling
what are you showing now
who makes this
who made this lamp
is this live now or tomorrow too
is this the last one
is this one blue
is there a bigger size
is there anyone who has this in red
does it come with a human hair brush
is it for one person or two
how old is this model
how old is the design
where are you shipping from
do you have feelings about the colour?
can you show the back
can i return it
the color looks different in real life
you look nice today
love your voice
nice stream
you are so funny
are you sure it is wool
are they real flowers
fake leather or real leather
is the speaker digital
does it have bluetooth
virtual gift card?
is this computer compatible
does the watch have an alarm
what program do I use to wash it
person of the year lol
real deal
how real is the 20% off
what is the actual price
is the picture the actual color
does it talk to alexa
works with siri?
can the speaker be used with a computer
are you guys doing free shipping
do you live stream every day
how much is the robot
you said it is wool
are the pictures real
is it a generated coupon code
prove it works
are those real diamonds
is it alive wood or veneer
what's the machine wash temperature
c'est du vrai cuir ?
c'est du vrai chêne ?
la réduction est réelle ?
vous êtes en promo ?
tu es où pour la livraison
vous avez un robot de cuisine ?
c'est lavable en machine ?
est-ce que c'est une vraie promo
le robot aspirateur passe partout ?
vous livrez en France ?
c'est combien
tu es belle
il y a une personne qui a testé
c'est fait à la main ?
la couleur est la même en vrai ?
c'est pour une personne ?
c'est quoi la matière
qui fabrique la lampe ?
vous êtes ouverts demain ?
这是真皮吗
是真丝的吗
真的便宜吗
是羊毛的吗
扫地机器人多少钱
可以机洗吗
有智能功能吗
真的包邮吗
是不是纯棉的
主播穿的是什么码
主播介绍一下三号
声音太小了
你们几点下播
你们是哪里发货
是正品吗
有人买过吗
人工客服在哪
真人试穿图有吗
是电脑包吗
是真的吗这个价格
你好
多大的人能穿
是虚拟商品吗
可以送人吗
什么时候发货
is the robot included in the box
how long does the real thing last
do people like it
is the leather man made
are you restocking this one
which one do you recommend for a girl of 5
can a person of 2 meters use it
is it human safe
is this for women or men
is the artificial flower included
i thought you were closing at 8
do you think the blue is nicer
are you going to show the mug
who is it made for
what model is it
is it digital or analog
are there real pictures from buyers
does the machine come with a manual
you are the best
are you in paris
is this a program for kids
is the sound recorded in stereo
can i talk to you later
did someone buy the last one
is it alive with bacteria like yogurt
who is the designer behind this lamp
tu as quoi comme tailles
elle est en vrai bois ?
c'est une machine à laver compatible
vous avez des robots ménagers
il y a quelqu'un pour répondre sur la livraison
vous êtes sûre de la couleur
on peut parler du prix
c'est un vrai bon plan
le modèle porte quelle taille
你们是批发吗
机器可以洗吗
这个是人造皮吗
是真羊毛还是混纺
声音能大一点吗
是几个人用的
你是卖什么的
智能手表怎么充电
有没有人收到货了
你推荐哪个
is this honey real
how real does it look
is the tracking automated
who am i paying, the shop?
what are they made of
does it feel like a machine made rug
is it ok for a baby girl
is the man in the picture 180 tall
person asked before me, did you answer
who is the seller
is it a smart watch
le cuir est vrai ?
elle tient debout toute seule ?
quelqu'un a reçu le sien ?
vous êtes de quel pays
这个是真的羊毛吗
有人用过这个吗
机器洗会缩水吗
是谁设计的
是电脑椅吗
人多吗今天
可以送真人尺寸的吗
智能的还是手动的
the price is unreal lol
this is unreal
is the live price different
are you guys a family business
is it fake fur
which program for washing wool
is the colour as real as the picture
can you speak slower
what is your name
how tall are you
are you cold there
is this shop legit
you should do this every week
do you take paypal
is it automatic
can it be programmed
can you repeat the price
what's the voice control like
is the video on your site
show your hands with the cream
pouvez-vous répéter
vous parlez anglais ?
c'est programmable ?
elle est automatique ?
你说慢一点
能连电脑吗
是自动的吗
主播能转一下吗
有视频吗
是现货吗
可以编程吗
""".strip().splitlines()

ACCEPTED = ["are these for real people or dolls"]
"""Ordinary lines answered with the notice all the same: the cost of missing none of the others."""
