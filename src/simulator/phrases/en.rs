//! English.

use super::Language;
use super::Line::{
    Ask, Begin, Card, Cart, Edit, Like, Paper, Photo, Place, Product, Quote, Reply, Story, Tap, Unsay, Voice,
};

pub(super) static ENGLISH: Language = Language {
    country: "GB",
    locale: "en_GB",
    currency: "GBP",
    // Begins like the range that is kept free for invented numbers, which is too small for a crowd.
    phone: "4477009#####",
    first: &[
        ("Olivia", "olivia"),
        ("Noah", "noah"),
        ("Siobhán", "siobhan"),
        ("George", "george"),
        ("Priya", "priya"),
        ("Zoë", "zoe"),
        ("Liam", "liam"),
        ("Amelia", "amelia"),
        ("Kwame", "kwame"),
    ],
    last: &[
        ("Baker", "baker"),
        ("O’Connor", "oconnor"),
        ("Patel", "patel"),
        ("Hughes", "hughes"),
        ("Mensah", "mensah"),
        ("Whitfield", "whitfield"),
        ("Clarke", "clarke"),
    ],
    family_name_first: false,
    scripts: &[
        &[
            Ask("Hi! Do you still have the walnut sideboard in stock?"),
            Reply("Hello! Two left, £489 each. Would you like one held for you?"),
            Ask("Yes please. Can it be delivered to a third floor flat without a lift?"),
            Edit("Yes please. Can it be delivered to a third-floor flat, no lift?"),
            Reply("It can, there's a £35 stairs charge."),
            Quote("That's fine"),
            Place,
            Tap("Book delivery", "delivery:sat-am"),
            Like("🎉"),
            Ask("See you Saturday then"),
        ],
        &[
            Begin("Get started"),
            Ask("One of the dining chairs wobbles"),
            Photo("Left back leg, the bolt won't tighten"),
            Voice,
            Reply("Sorry about that! Could you send the receipt so we can post a new leg?"),
            Paper("Receipt attached"),
            Reply("Thank you, it goes out tomorrow."),
            Like("❤️"),
        ],
        &[
            Story("Love this armchair! How much is it?"),
            Reply("Thank you! £329, free delivery this week."),
            Product("Does this one come in green?"),
            Reply("It does: emerald, in stock."),
            Ask("oops wrong chat"),
            Unsay,
            Cart("Please gift wrap if you can 😊"),
            Reply("All done, your order is 5521."),
        ],
        &[
            Ask("Are you open on bank holidays?"),
            Reply("Yes, 11 to 5."),
            Ask("Great, my sister will pick up the lamps. Here is her number"),
            Card,
            Reply("Got it, they'll be at the counter."),
        ],
    ],
    answers: &[
        "Great, thank you!",
        "How much would delivery be?",
        "Let me check with my partner and get back to you",
        "Do you have it in a darker wood?",
        "Perfect. How do I pay?",
        "Is assembly included?",
    ],
    comments: &["Price please?", "Is this still available?", "Gorgeous 😍", "Do you ship to Ireland?"],
    spot: (51.4613, -0.1156, "Brixton Market", "Electric Lane, London SW9 8LX"),
    question: ("which_room?", &["Living room", "Dining room", "Bedroom", "Home office"]),
};
