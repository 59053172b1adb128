"""What a shop's customers and its articles call the same thing, folded, by language."""

from integrations.llms.extractive_lexicon import pairs

# What is meant when a few words stand together: any of the left is read as the right. The longest wins.
PHRASES = {
    "en": pairs(
        """
        where is my order, where s my order = track order
        where is my parcel, where is my package, where s my parcel, where s my package = track parcel
        where is my delivery = track delivery
        log in, logged in, log into, sign in, sign into, log on = login
        sign up = register
        send back, sent back, sending back, send it back, send them back, give back, bring back = return
        money back, cash back = refund
        e mail = email
        united kingdom, great britain = uk
        united states = usa
        free of charge, for free = free
        pick up, picked up, collect from store, click and collect = pickup
        credit card, debit card, bank card = card
        gift voucher, gift card, gift cards, gift certificate = giftcard
        discount code, promo code, voucher code = coupon
        tracking number = track number
        on the way = ship
        change my mind, changed my mind = withdraw
        opening hours, opening times, business hours = open
        close my account = delete account
        open an account = create account
        postage = delivery cost
        same day = sameday
        return shipping, return postage, return delivery = return postback
        size s = size sizes_s
        size m = size sizes_m
        size l = size sizes_l
        """
    ),
    "fr": pairs(
        """
        ou est ma commande, ou en est ma commande = suivre commande
        ou est mon colis, ou en est mon colis, ou se trouve mon colis = suivre colis
        mot de passe, mots de passe = motdepasse
        e mail = email
        adresse mail, adresse electronique = adresse email
        carte bancaire, carte bleue, carte de credit = carte
        carte cadeau, cartes cadeaux, cheque cadeau = cartecadeau
        bon d achat, bons d achat = bondachat
        code promo, code de reduction, code promotionnel, codes promo = codepromo
        point relais, points relais = pointrelais
        royaume uni = royaumeuni
        etats unis = etatsunis
        pays bas = paysbas
        se connecter, me connecter = connexion
        changer d avis, change d avis = retractation
        service client = serviceclient
        plusieurs fois, deux fois, trois fois, quatre fois, 2 fois, 3 fois, 4 fois, 10 fois = fractionner
        frais de port = frais livraison
        horaires d ouverture, heures d ouverture, horaires = ouvert
        fermer mon compte = supprimer compte
        ouvrir un compte = creer compte
        jour meme = jourmeme
        rendez vous = rendezvous
        taille s = taille tailles_s
        taille m = taille tailles_m
        taille l = taille tailles_l
        numero de suivi = suivre numero
        jours ouvres = ouvres
        a vie = vie
        """
    ),
}

# Each line: words that an answer may use for one another. Compared by stem, at a discount against the same word.
CONCEPTS = {
    "en": """
        deliver ship dispatch
        parcel package
        order purchase buy bought
        return
        refund reimburse repay
        cost price fee charge rate
        free complimentary
        warranty guarantee
        broken damage defective faulty crack
        repair fix
        invoice bill receipt
        pay payment
        email mail
        phone telephone call
        swap exchange
        cancel
        change modify edit update amend
        delete erase
        login
        register create
        track follow status
        card visa mastercard
        coupon voucher discount promotion
        size fit measurement
        item product article goods
        shop store
        wash clean launder
        stock
        postcode zip
        instalment installment
        pickup collect
        uk britain england
        customs duty
        withdraw
        assemble assembly install installation
        subscribe subscription membership
        unsubscribe
        gift present
        old previous
        mistake error
        lose lost
        miss missing
        open opening
        forget forgotten forgot reset
    """,
    "fr": """
        livrer livraison expedier expedition envoi acheminer acheminement
        colis paquet
        commande commander achat acheter
        retour retourner renvoyer renvoi rendre
        rembourser remboursement
        cout couter prix tarif frais
        gratuit offert payant
        ouvrir ouvert ouverture
        manquer manquant
        utiliser usage utilisation
        garantie garantir
        casse abime endommage defectueux panne defaut
        reparer reparation
        facture facturation
        payer paiement regler reglement
        email mail courriel mel
        telephone telephoner appeler appel
        echange echanger
        annuler annulation
        changer modifier modification changement
        supprimer suppression effacer cloturer
        connexion connecter
        creer creation inscrire inscription
        suivre suivi
        carte visa mastercard
        codepromo promotion reduction remise
        taille pointure mesure
        article produit
        magasin boutique
        laver lavage entretien nettoyer nettoyage
        adresse
        fractionner echelonner
        retrait retirer recuperer
        douane
        retractation
        monter montage installer installation assemblage
        abonner abonnement
        desabonner desabonnement desinscrire resilier resiliation
        cadeau
        ancien
        erreur
        perdre perdu
        oublier oublie reinitialiser reinitialisation
        recevoir reception
        garder conserver
        activer activation
        desactiver desactivation
    """,
}

# What a sentence is about when it names one: it says little of a question that names another.
DEALINGS = {
    "en": "return refund cancel exchange repair warranty unsubscribe",
    "fr": "retour rembourser annuler echange reparer garantie desabonner",
}
