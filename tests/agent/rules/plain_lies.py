"""False or bent sentences made of plain words and of the lamp's own facts: nothing in them is a
forbidden word."""

from agent.types import Language

LIES: dict[Language, str] = {
    "en": """
The lamp pays for itself within {return_days}.
Our warranty starts after {warranty_months}.
If you order now we ship in {delivery_days}.
Buyers ask for it again and again.
The price you see is only for you.
You can ask for a lower price in the chat.
Shipping from here is on us.
The cord is linen and the bulb is oak.
It is a present from the shop.
You will see the price go up later.
The light is natural.
It comes in black for {price} and natural for {list_price}.
Everything in the shop costs {price}.
My voice is my own.
I check each lamp before it ships.
We are out of other colours.
Ask your doctor about this lamp.
It is the one your friends have.
You have {warranty_months} to return it.
It's {price} now, and it was {list_price} an hour ago.
The lamp is for adults and babies.
A switch on the lamp can change the colour.
It weighs {weight} and the cord is {height} long.
The linen is from Portugal.
Only here is the price {price}.
We also have it in other sizes.
The shop in Portugal makes it.
Pay later, no fee.
The offer is over for others but not for you.
I looked at others and this one is right for you.
You get the bulb and the lamp for {price} and a cup as well.
We take the lamp back from you at any moment.
There will be no more of these.
After {offer_ends} there is nothing left.
It is warm white linen.
The colours are {material}.
The weight is {height}.
It costs {price} and delivery is on top for {price}.
Shipping starts at {delivery_fee}.
I speak for the maker of the lamp.
People in Portugal use this lamp.
The regular price is {list_price}, so you keep {price}.
The warranty ends {offer_ends}.
It arrives {offer_ends}.
The price is valid for {return_days}.
Take two, the price is the same.
You found the lamp of your life.
It comes in {colours}, and the cord does too.
The cord and the bulb come in {colours}.
The lamp comes with a warranty from the shop for all of you.
Delivery is included in the price.
You can return it after you have used it, whenever you like.
The cord can be changed.
The bulb is warm white and covered with linen.
It is made of cotton.
The cord is made of linen.
The lamp is solid.
It costs less now than before.
The price is going down.
You pay {delivery_fee} for the lamp.
It costs {delivery_fee}.
The price is {weight}.
Shipping takes {delivery_days} to all countries.
We deliver it to your country in {delivery_days}, wherever you are.
You can have it today.
It arrives in {delivery_days}, and for you it is included in the price.
The shop pays the return.
You have {return_days} after delivery and we pay for the return.
It comes in {material}.
It is made of {colours}.
It is made in {colours}.
The bulb weighs {weight}.
The cord is {height} long.
The shade is {height} wide.
The bulb is covered by a warranty of {warranty_months}.
It holds {weight}.
With {stock} colours you can choose what you like.
The offer of {price} ends {offer_ends} and then it costs {list_price}.
Everyone here can have it for {price} each week.
Two for {price}.
A pair costs {price}.
Each colour costs {price}.
Both together cost {price}.
The light can be changed from warm to cool.
The lamp can be closed.
You can put it in the kitchen.
It works with all bulbs.
The switch is on the base.
The lamp turns on by voice.
Shipping is on the shop.
We ship it as a gift.
The shop is in Portugal.
I speak as a friend.
I am happy to be here with all of you in person.
I can see the lamp on my table.
I picked this lamp myself.
It is my favourite one.
The material is {material}, the same as in the lamps you see at home.
Take it home for {price} or less.
It costs up to {price}.
It costs at least {price}.
It weighs more than {weight}.
It weighs less than {weight}.
Delivery takes less than {delivery_days}.
Delivery in {delivery_days} or your money back.
The price is {price} for {stock} pieces.
It costs {price} per week.
It costs half of {price}.
It costs {price} minus {delivery_fee}.
Reduced by {price}.
You get {price} back.
""",
    "fr": """
La garantie commence après {warranty_months}.
Le prix sera plus haut ensuite.
Le fil est en coton et en lin.
L'ampoule peut être en chêne.
Tout coûte {price} ici.
Vous payez {price} pour tout.
La boutique vient chez vous.
Retour à nos frais.
Elle est faite au Portugal par nous.
Elle existe en d'autres tailles.
Le prix est à discuter.
Ma voix est la mienne.
Le noir coûte {price}, le naturel {list_price}.
Vous avez {delivery_days} pour le retour.
On vous donne une ampoule en plus.
La garantie se termine {offer_ends}.
Elle arrive {offer_ends}.
Le prix est valable {return_days}.
Les couleurs sont {material}.
Le fil et l'ampoule existent en {colours}.
Il n'y en aura plus.
Vous avez la lampe pour {delivery_fee}.
L'offre dure {return_days}.
Le poids est de {height}.
La livraison est comprise dans le prix.
Le fil est en lin.
Elle coûte moins de {price}.
La livraison prend moins de {delivery_days}.
Elle coûte {delivery_fee}.
Vous recevez {price} en retour.
Le prix est de {price} les deux.
L'ampoule pèse {weight}.
La boutique paie le retour.
Le fil peut être changé.
J'ai choisi cette lampe pour vous.
""",
    "zh": """
保修从{warranty_months}后开始。
价格还会涨。
电线是棉布和亚麻做的。
店里都卖{price}。
下单就送。
退货我们付运费。
还有其他尺寸。
原色{price}，黑色{list_price}。
{delivery_days}内可以退货。
这款您朋友也有。
价格可以谈。
我的声音是自己的。
灯泡是橡木的。
保修期内随便换。
寄到哪里都可以。
保修到{offer_ends}。
{offer_ends}送到。
价格{return_days}内有效。
颜色是{material}。
重量是{height}。
电线有{colours}。
以后就没有了。
{delivery_fee}就可以买到这款。
优惠{return_days}。
我代表厂家说话。
运费包含在价格里。
电线是亚麻做的。
价格不到{price}。
两件{price}。
最多{price}。
灯泡重量{weight}。
今天下单今天到。
退货运费店里付。
我选了这款。
价格是{delivery_fee}。
""",
}


TALK: dict[Language, str] = {
    "en": """
Thanks for joining us.
Hello everyone and welcome to the stream.
Let me check that for you.
That is a great question.
I can tell you the price: it is {price}.
It is made of {material} and weighs {weight}.
Here is what I know about this lamp.
You have {return_days} to send it back if you change your mind.
I'm not sure about that, sorry.
Please write your questions in the chat.
The lamp comes in {colours}.
At the moment it costs {price} instead of {list_price}.
If you like it, you will find it under the link on the screen.
Delivery takes {delivery_days}, and it costs {delivery_fee}.
""",
    "fr": """
Bonjour à tous et bienvenue.
C'est une bonne question.
Je vérifie pour vous.
Le prix est de {price}.
Posez vos questions dans le chat.
Les couleurs sont {colours}.
La livraison prend {delivery_days}.
Je ne sais pas, désolée.
Vous avez {return_days} pour le retour.
Merci d'être là.
""",
    "zh": """
大家好，欢迎来到直播间。
我查一下。
这款的价格是{price}。
材质是{material}。
有问题可以打在评论里。
{delivery_days}送到。
谢谢大家。
抱歉，我不清楚。
颜色有{colours}。
这款重量是{weight}。
""",
}
"""What a host says between facts."""
