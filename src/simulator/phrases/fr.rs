//! French.

use super::Language;
use super::Line::{
    Ask, Begin, Card, Cart, Edit, Like, Paper, Photo, Place, Product, Quote, Reply, Story, Tap, Unsay, Voice,
};

pub(super) static FRENCH: Language = Language {
    country: "FR",
    locale: "fr_FR",
    currency: "EUR",
    // The range that is kept free for invented numbers.
    phone: "3363998####",
    first: &[
        ("Élodie", "elodie"),
        ("Benoît", "benoit"),
        ("Chloé", "chloe"),
        ("François", "francois"),
        ("Inès", "ines"),
        ("Jérôme", "jerome"),
        ("Maëlys", "maelys"),
        ("Gaël", "gael"),
    ],
    last: &[
        ("Lefèvre", "lefevre"),
        ("Garçon", "garcon"),
        ("Moreau", "moreau"),
        ("D’Angelo", "dangelo"),
        ("Benoît", "benoit"),
        ("Nguyen", "nguyen"),
    ],
    family_name_first: false,
    scripts: &[
        &[
            Ask("Bonjour, le canapé d’angle « Lund » est-il disponible en bleu ?"),
            Reply("Bonjour ! Oui, livraison sous 10 jours, 1 190 €."),
            Ask("Il passe dans un ascenseur de 75 cm ?"),
            Photo("Voici l’entrée de l’immeuble"),
            Reply("Oui, il est livré en deux parties."),
            Quote("Parfait, je le prends"),
            Place,
            Tap("Confirmer", "confirm:lund-bleu"),
            Like("❤️"),
        ],
        &[
            Begin("Démarrer"),
            Ask("Il manque la visserie de la table"),
            Edit("Il manque la visserie de la table (commande 8841)"),
            Voice,
            Reply("Toutes nos excuses ! Avez-vous la facture ?"),
            Paper("La voici"),
            Reply("C’est envoyé aujourd’hui."),
        ],
        &[
            Story("Magnifique ! C’est combien ?"),
            Reply("Merci ! 149 €, livraison offerte."),
            Product("Existe-t-il en plus grand ?"),
            Ask("oups, mauvaise conversation"),
            Unsay,
            Cart("Paiement en trois fois si possible"),
            Card,
        ],
    ],
    answers: &[
        "Très bien, merci beaucoup !",
        "Combien coûte la livraison ?",
        "Je réfléchis et je reviens vers vous",
        "Le montage est-il compris ?",
        "Super 😊 Comment puis-je payer ?",
    ],
    comments: &["Prix s’il vous plaît ?", "Toujours disponible ?", "J’adore 😍"],
    spot: (45.764, 4.8357, "Place Bellecour", "69002 Lyon"),
    question: ("quel_meuble ?", &["Canapé", "Table", "Lit", "Bibliothèque"]),
};
