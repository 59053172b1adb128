"""Small words by language, unaccented, in lower case, with the abbreviations of hurried writers.

Chosen for tickets: pronouns, articles, everyday verbs, greetings, and the nouns of orders and accounts. A word in
several lists counts for each of them, but less.
"""

WORDS: dict[str, str] = {
    "en": """
        i you we they he she it my your our their his her me us them this that these those the a an is are was were be
        been am im ive id ill dont doesnt didnt cant cannot couldnt wont isnt wasnt havent hasnt have has had do does
        did not no yes and or but if so because when where wher what wat who why how can could would should will shall
        may for from with without to of in on at by about after before since still yet already again never ever just
        only any some all more please pls plz thanks thank thx ty hi hello hey dear help need want know get got
        getting order ordered delivery delivered refund account password invoice receipt card bank item parcel package
        shipping shipped tracking broken wrong missing late change cancel login log email address phone payment paid
        pay bought buy send sent received recieved receive u ur r gonna wanna there here than then too very much many
        update cheers regards sincerely asap morning money back return returned working works doesn work day days week
        weeks month year ago today yesterday tomorrow whats wheres theres lost new try trying tried everything nothing
        something someone anyone really anything says said told keep keeps call charged twice thnx tks thks hiya heya
        up down see set top offer explain same prefer using limit limits cancelling available option start show tell
        give make find look go come let add use used reciept number weather long best out off question which
    """,
    "fr": """
        je j tu il elle on nous vous ils elles me te se moi toi lui leur mon ma mes ton ta tes son sa ses notre nos
        votre vos vs le la les l un une des du de au aux ce cet cette ces ca cela c est et ou mais donc car ni or si
        que qui quoi dont quand comment pourquoi pk pq pkoi quel quelle quels quelles combien suis sui es sommes etes
        sont etait etais ai jai as a avons avez ont avais avait aurai chui jsuis jpeux jvoudrais jveux jarrive peux
        peut pouvez pouvons pourriez pourrais voudrais veux veut voulez dois doit faut faudrait fait faire faites vais
        va allez ne pas pa plus jamais rien aucun aucune toujours tjrs tjs tjr encore deja bien tres trop peu beaucoup
        bcp avec sans pour pr par sur sous dans ds chez entre depuis dep apres avant pendant vers jusqu en y bonjour
        bjr bonsoir bsr salut slt coucou cc merci mrc svp stp sil plait madame monsieur mme cordialement cdt cdlt
        commande comande commandes commander colis livraison livre livrer livreur recu remboursement rembourser
        rembourse rembours compte facture factures paiement paye payer carte adresse produit article panier achat
        acheter achete envoi envoye envoyer expedie suivi retour retourner echange echanger annuler annulation
        probleme pb souci prblm casse abime defectueux manque manquant erreur mot passe mdp connexion connecter mail
        numero rdv reponse repondre attends attend attente hier demain aujourd hui aujourdhui auj jour jours semaine
        semaines mois an ans heures argent banque prelevement preleve fois deux trois quelqu quelque chose urgent
        merciii mercii besoin aide aider savoir comprends comprend marche fonctionne impossible possible pourtant
        alors voila parce lorsque ainsi aussi comme meme autre tout tous toute toutes cest ct navez nai jattends
        javais javai nouveau nouvelle mauvaise mauvais taille promo refuse refusee refuser cadeau magasin bon avoir
        retard signaler
    """,
    "de": """
        ich du er sie wir ihr mich mir dich dir uns euch mein meine meinen meinem meiner dein ihre ihren unser unsere
        der die das den dem des ein eine einen einem einer eines kein keine keinen ist sind war waren bin bist sein
        habe hab hat haben hatte wird werden wurde worden kann konnen kannst konnte mochte mochten muss soll will
        nicht nichts nie noch nur auch schon aber und oder wenn weil dass da wo was wer wie warum wann mit ohne fur
        von vom zu zum zur im in am an auf aus bei nach seit uber unter vor bis durch hallo guten tag morgen abend
        danke vielen dank bitte grusse grussen freundlichen sehr geehrte bestellung bestellt lieferung geliefert paket
        rechnung konto passwort erhalten bekommen angekommen ruckerstattung erstattung geld zuruck zahlung adresse
        gestern heute wochen tagen hilfe brauche warte gibt es geht kaputt falsch sendung artikel ruckgabe umtauschen
        stornieren andern euro
    """,
    "es": """
        yo tu el ella nosotros ustedes usted ellos me te se nos le les lo mi mis su sus nuestro nuestra un una unos
        unas los las del al de la y o pero porque que quien como cuando donde por para con sin sobre desde hasta en es
        son era soy esta estan estoy estaba ha he han hemos hay tengo tiene tienen quiero quisiera puedo puede pueden
        necesito no si nada nunca ya todavia aun muy mas tambien hola buenos buenas dias tardes gracias favor saludos
        pedido pedidos envio enviado paquete recibido llegado llega factura cuenta contrasena reembolso devolucion
        devolver dinero tarjeta pago pagado compra comprado direccion ayer hoy hace semana semanas cambiar cancelar
        ayuda roto equivocado producto numero correo espero gustaria esto este esa ese mucho
    """,
    "it": """
        io tu lui lei noi voi loro mi ti si ci vi mio mia miei mie tuo suo sua nostro vostro il lo la i gli le un uno
        una del della dei delle degli dello nel nella al alla dal dalla sul sulla di da in con su per tra e o ma
        perche che chi come quando dove quanto sono sei siamo era ho hai ha abbiamo hanno avevo posso puo potete
        vorrei voglio devo deve non piu mai ancora gia molto anche solo questo questa quello ciao buongiorno buonasera
        salve grazie prego cordiali saluti ordine ordinato spedizione spedito pacco ricevuto arrivato consegna fattura
        conto account rimborso restituire reso soldi carta pagamento pagato acquisto indirizzo ieri oggi settimana
        settimane cambiare annullare aiuto rotto sbagliato prodotto numero potrei riesco
    """,
    "pt": """
        eu tu voce ele ela nos voces eles me te se meu minha meus minhas seu sua nosso o a os as um uma uns umas do da
        dos das no na nas ao pelo pela de em com sem por para e ou mas porque que quem como quando onde sou esta estou
        estava foi tenho tem temos ha quero queria posso pode podem preciso nao sim nada nunca ja ainda muito mais
        tambem ola oi bom boa dia tarde noite obrigado obrigada favor cumprimentos encomenda pedido envio entrega
        recebi recebido chegou fatura conta senha reembolso devolucao devolver dinheiro cartao pagamento paguei compra
        comprei endereco ontem hoje semana semanas alterar cancelar ajuda partido errado produto isso este
    """,
    "nl": """
        ik jij je hij zij ze wij we jullie u mij me jou hem haar ons mijn jouw uw zijn onze de het een geen is ben
        bent was waren heb heeft hebben had kan kunnen kunt wil willen moet zou word wordt worden niet niets nooit nog
        ook al maar en of als omdat dat dit die deze er waar wat wie hoe waarom wanneer met zonder voor van naar in op
        aan bij uit over na sinds door tot hallo goedemorgen goedemiddag goedendag dag dank bedankt alvast graag
        alstublieft groet groeten vriendelijke bestelling besteld levering geleverd pakket pakje factuur rekening
        wachtwoord ontvangen aangekomen terugbetaling terug geld betaling betaald adres gisteren vandaag weken dagen
        hulp nodig wacht kapot verkeerd retourneren ruilen annuleren wijzigen product
    """,
    "pl": """
        ja ty on ona my wy oni mnie mi ci sie go jej nam nas moj moja moje moich nie tak jest sa byl byla bylo bede
        mam ma mamy macie moge moze mozna chce chcialbym chcialabym prosze dziekuje dzien dobry witam czesc pozdrawiam
        i oraz lub ale bo ze co kto jak kiedy gdzie dlaczego czy z bez do od na w we po przed przez dla o za juz
        jeszcze tylko bardzo zamowienie zamowienia zamowilem przesylka paczka paczki faktura konto haslo zwrot
        pieniadze platnosc adres wczoraj dzis dzisiaj tydzien tygodni dni pomoc nadal otrzymalem
    """,
    "tr": """
        ben sen o biz siz onlar bana sana bize benim senin bizim sizin bu su bir ve veya ama cunku ki ne kim nasil
        neden nerede zaman icin ile gibi kadar daha cok en var yok degil mi mu evet hayir lutfen merhaba selam gunler
        iyi tesekkurler tesekkur ederim siparis siparisim siparisimi kargo kargom paket fatura hesap hesabim hesabima
        sifre sifremi iade para param odeme adres dun bugun hafta gun istiyorum olarak hala gelmedi almadim yardim
    """,
    "sv": """
        jag du han hon vi ni de mig dig oss er min mitt mina din ditt dina var vart en ett den det detta ar ha har
        hade kan kunde vill skulle maste inte nagot inget aldrig an ocksa men och eller om att som vad vem hur varfor
        nar med utan for fran till i pa av efter sedan hej tack snalla vanliga halsningar bestallning order bestallt
        leverans paket levererats fatt faktura konto losenord aterbetalning pengar betalning adress igar idag veckor
        dagar hjalp
    """,
    "ru": """
        где мои моя мое заказ заказа я не и в на что как это эта посылка посылку деньги возврат здравствуите добрыи
        день привет спасибо пожалуиста получил получила жду когда почему мне вы вас нет да уже еще помогите счет
        пароль адрес товар доставка оплата
    """,
    "ar": """
        اين طلبي الطلب لم يصل لا من في على الى ما متى كيف هل اريد استرداد المال السلام عليكم مرحبا شكرا فضلك حسابي
        الطرد بعد كلمة السر فاتورة رقم لماذا انا هذا هذه
    """,
}
