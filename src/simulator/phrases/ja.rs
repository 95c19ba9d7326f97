//! Japanese.

use super::Language;
use super::Line::{
    Ask, Begin, Card, Cart, Edit, Like, Paper, Photo, Place, Product, Quote, Reply, Story, Tap, Unsay, Voice,
};

pub(super) static JAPANESE: Language = Language {
    country: "JP",
    locale: "ja_JP",
    currency: "JPY",
    phone: "8190########",
    first: &[
        ("陽菜", "hina"),
        ("大翔", "hiroto"),
        ("美咲", "misaki"),
        ("健太", "kenta"),
        ("さくら", "sakura"),
        ("蓮", "ren"),
        ("結衣", "yui"),
        ("誠", "makoto"),
    ],
    last: &[
        ("佐藤", "sato"),
        ("鈴木", "suzuki"),
        ("髙橋", "takahashi"),
        ("渡邉", "watanabe"),
        ("小林", "kobayashi"),
        ("伊藤", "ito"),
    ],
    family_name_first: true,
    scripts: &[
        &[
            Ask("こんにちは。二人掛けソファの在庫はありますか？"),
            Reply("お問い合わせありがとうございます。グレーとベージュがございます。"),
            Ask("グレーの寸法を教えてください"),
            Edit("グレーの寸法と送料を教えてください"),
            Reply("幅150×奥行80×高さ78cm、送料は無料です。"),
            Photo("この部屋に置く予定です🏠"),
            Quote("では、それをお願いします"),
            Tap("注文を確定する", "confirm:sofa-2"),
            Place,
            Like("🙏"),
        ],
        &[
            Begin("はじめる"),
            Ask("届いた本棚の棚板が一枚足りません"),
            Photo("袋の中身はこれで全部です"),
            Voice,
            Reply("大変申し訳ございません。納品書をお送りいただけますか？"),
            Paper("納品書です"),
            Reply("明日発送いたします。"),
            Card,
        ],
        &[
            Story("このランプ、とても素敵ですね✨ おいくらですか？"),
            Reply("ありがとうございます。9,800円です。"),
            Product("この色違いはありますか？"),
            Ask("すみません、間違えました"),
            Unsay,
            Cart("代引きでお願いします"),
            Reply("ご注文を承りました。"),
        ],
    ],
    answers: &[
        "ありがとうございます！",
        "送料はいくらですか？",
        "少し検討してまたご連絡します",
        "組み立てサービスはありますか？",
        "わかりました。支払い方法を教えてください",
    ],
    comments: &["おいくらですか？", "まだ在庫ありますか？", "かわいい😍"],
    spot: (35.6595, 139.7005, "渋谷駅前", "東京都渋谷区道玄坂2-1"),
    question: ("ご希望の商品", &["ソファ", "ダイニングテーブル", "ベッド", "本棚"]),
};
