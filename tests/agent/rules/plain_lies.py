"""False or bent sentences made of plain words and of the lamp's own facts: nothing in them is a
forbidden word."""

from agent.types import Language

LIES: dict[Language, str] = {
    "en": """
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
