//! Spanish.

use super::Language;
use super::Line::{
    Ask, Begin, Card, Cart, Edit, Like, Paper, Photo, Place, Product, Quote, Reply, Story, Tap, Unsay, Voice,
};

pub(super) static SPANISH: Language = Language {
    country: "ES",
    locale: "es_ES",
    currency: "EUR",
    phone: "346########",
    first: &[
        ("Julián", "julian"),
        ("Begoña", "begona"),
        ("Íñigo", "inigo"),
        ("Lucía", "lucia"),
        ("Andrés", "andres"),
        ("Montserrat", "montserrat"),
        ("Raúl", "raul"),
        ("Ximena", "ximena"),
    ],
    last: &[
        ("Muñoz", "munoz"),
        ("García", "garcia"),
        ("Peña", "pena"),
        ("Ibáñez", "ibanez"),
        ("Castro", "castro"),
        ("Núñez", "nunez"),
    ],
    family_name_first: false,
    scripts: &[
        &[
            Ask("Hola, ¿hacen envíos a Valencia? Busco una mesa extensible"),
            Reply("¡Hola! Sí, en 5 días. Tenemos la «Alba», de 140 a 200 cm, por 459 €."),
            Ask("¿Y en roble?"),
            Edit("¿Y en roble claro?"),
            Reply("También, 489 €."),
            Quote("Me la quedo"),
            Place,
            Tap("Confirmar pedido", "confirm:alba"),
            Like("🙌"),
        ],
        &[
            Begin("Empezar"),
            Ask("Me ha llegado el sillón con una mancha"),
            Photo("Se ve en el reposabrazos"),
            Voice,
            Reply("¡Lo sentimos mucho! ¿Nos envía la factura, por favor?"),
            Paper("Aquí está"),
            Reply("Gracias, pasamos a recogerlo el martes."),
        ],
        &[
            Story("¡Qué bonita la lámpara! ¿Precio?"),
            Reply("¡Gracias! 79 € con envío gratis esta semana."),
            Product("¿La tienen en negro?"),
            Ask("perdón, no era para ustedes"),
            Unsay,
            Cart("Pago contra reembolso, por favor"),
            Reply("Pedido recibido ✅"),
            Card,
        ],
    ],
    answers: &[
        "Perfecto, muchas gracias",
        "¿Cuánto cuesta el envío?",
        "Lo consulto con mi pareja y le digo",
        "¿El montaje está incluido?",
        "Genial 😊 ¿Cómo puedo pagar?",
    ],
    comments: &["¿Precio?", "¿Sigue disponible?", "¡Me encanta! 😍", "¿Envían a Canarias?"],
    spot: (39.4699, -0.3763, "Mercat Central", "Plaça de la Ciutat de Bruges, 46001 València"),
    question: ("¿qué_mueble_busca?", &["Sofá", "Mesa", "Dormitorio", "Estantería"]),
};
