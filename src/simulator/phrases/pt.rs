//! Portuguese, as in Brazil.

use super::Language;
use super::Line::{
    Ask, Begin, Card, Cart, Edit, Like, Paper, Photo, Place, Product, Quote, Reply, Story, Tap, Unsay, Voice,
};

pub(super) static PORTUGUESE: Language = Language {
    country: "BR",
    locale: "pt_BR",
    currency: "BRL",
    phone: "55119########",
    first: &[
        ("João", "joao"),
        ("Conceição", "conceicao"),
        ("Letícia", "leticia"),
        ("Thiago", "thiago"),
        ("Antônia", "antonia"),
        ("Caio", "caio"),
        ("Luísa", "luisa"),
        ("Fábio", "fabio"),
    ],
    last: &[
        ("Gonçalves", "goncalves"),
        ("Araújo", "araujo"),
        ("Simões", "simoes"),
        ("Magalhães", "magalhaes"),
        ("Rocha", "rocha"),
        ("Assunção", "assuncao"),
    ],
    family_name_first: false,
    scripts: &[
        &[
            Ask("Oi, bom dia! Vocês têm guarda-roupa de seis portas?"),
            Reply("Bom dia! Temos sim, R$ 2.890 em até 10x."),
            Ask("Entrega em Guarulhos?"),
            Place,
            Reply("Entregamos, o frete é grátis."),
            Photo("A parede tem 3 metros"),
            Quote("Pode ser esse então"),
            Tap("Confirmar pedido", "confirm:roupeiro-6"),
            Like("👏"),
        ],
        &[
            Begin("Começar"),
            Ask("A cadeira chegou com o pé torto"),
            Edit("A cadeira chegou hoje com o pé torto"),
            Voice,
            Reply("Poxa, desculpe! Pode mandar a nota fiscal?"),
            Paper("Segue a nota"),
            Reply("Obrigado, a troca vai na quinta."),
        ],
        &[
            Story("Amei essa luminária! Quanto é?"),
            Reply("Obrigada! R$ 189 com frete grátis."),
            Product("Tem na cor preta?"),
            Ask("mensagem errada"),
            Unsay,
            Cart("Pagamento por Pix"),
            Card,
        ],
    ],
    answers: &[
        "Certo, muito obrigado!",
        "Quanto fica o frete?",
        "Vou pensar e te aviso",
        "A montagem está inclusa?",
        "Ótimo 😊 Como faço para pagar?",
    ],
    comments: &["Qual o valor?", "Ainda tem?", "Que lindo 😍"],
    spot: (-23.5505, -46.6333, "Praça da Sé", "Sé, São Paulo - SP, 01001-000"),
    question: ("qual_móvel?", &["Sofá", "Mesa", "Guarda-roupa", "Cama"]),
};
