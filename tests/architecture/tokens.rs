//! A source as one row of tokens, groups opened up. Macros and attributes are tokens like everything else, so that no
//! rule is blind inside `format!(…)` or `macro_rules!`; comments are gone, and what is compiled for tests only is marked.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word,
    Literal,
    /// A sign, or an opening or closing bracket.
    Sign,
}

#[derive(Debug, Clone)]
pub struct Token {
    pub kind: Kind,
    pub text: String,
    pub line: usize,
    pub last_line: usize,
    /// Part of `#[…]`.
    pub attribute: bool,
    /// Compiled for tests only.
    pub test: bool,
}

impl Token {
    pub fn is(&self, text: &str) -> bool {
        self.kind != Kind::Literal && self.text == text
    }

    /// The value of a string literal.
    pub fn string(&self) -> Option<String> {
        let literal = (self.kind == Kind::Literal).then(|| syn::parse_str::<syn::LitStr>(&self.text))?;
        literal.ok().map(|literal| literal.value())
    }
}

/// All tokens of a source.
pub fn flatten(stream: TokenStream) -> Vec<Token> {
    let mut tokens = Vec::new();
    walk(stream, (false, false), &mut tokens);
    tokens
}

fn walk(stream: TokenStream, (attribute, test): (bool, bool), into: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    // Up to here the item of a test attribute goes.
    let mut test_until = 0;
    let mut attribute_next = false;
    for (at, tree) in trees.iter().enumerate() {
        let (start, end) = (tree.span().start().line, tree.span().end().line);
        let test = test || at < test_until;
        let mut push = |kind, text: String, (line, last_line), attribute| {
            into.push(Token { kind, text, line, last_line, attribute, test });
        };
        match tree {
            TokenTree::Ident(word) => push(Kind::Word, word.to_string(), (start, end), attribute),
            TokenTree::Literal(literal) => push(Kind::Literal, literal.to_string(), (start, end), attribute),
            TokenTree::Punct(sign) => {
                push(Kind::Sign, sign.as_char().to_string(), (start, end), attribute);
                let bracket = |tree: Option<&TokenTree>| matches!(tree, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket);
                let inner =
                    matches!(trees.get(at + 1), Some(TokenTree::Punct(sign)) if sign.as_char() == '!');
                if sign.as_char() == '#' {
                    let group = at + if inner { 2 } else { 1 };
                    if bracket(trees.get(group)) && !inner && is_test(&trees[group]) {
                        test_until = test_until.max(end_of_item(&trees, group + 1));
                    }
                    attribute_next = bracket(trees.get(group));
                }
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                let inside = attribute || (attribute_next && open == "[");
                attribute_next = false;
                if !open.is_empty() {
                    let line = group.span_open().start().line;
                    push(Kind::Sign, open.to_owned(), (line, line), inside);
                }
                walk(group.stream(), (inside, test), into);
                if !close.is_empty() {
                    let line = group.span_close().start().line;
                    into.push(Token {
                        kind: Kind::Sign,
                        text: close.to_owned(),
                        line,
                        last_line: line,
                        attribute: inside,
                        test,
                    });
                }
            }
        }
    }
}

/// `test`, `tokio::test`, `cfg(test)`, `cfg(all(test, …))`.
fn is_test(attribute: &TokenTree) -> bool {
    let text: String = attribute.to_string().chars().filter(|c| !c.is_whitespace()).collect();
    text == "[test]"
        || text.ends_with("::test]")
        || text.contains("::test(")
        || text.starts_with("[cfg(test")
        || text.starts_with("[cfg(all(test")
}

/// Behind the body or the semicolon of the item that begins at `from`.
fn end_of_item(trees: &[TokenTree], from: usize) -> usize {
    let ends = |tree: &TokenTree| match tree {
        TokenTree::Punct(sign) => sign.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    trees.iter().skip(from).position(ends).map_or(trees.len(), |at| from + at + 1)
}

/// The index of the bracket that closes the one at `open`.
pub fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.kind == Kind::Sign {
            match token.text.as_str() {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => {
                    depth -= 1;
                    if depth == 0 {
                        return at;
                    }
                }
                _ => {}
            }
        }
    }
    tokens.len()
}

/// Whether these words and signs stand at `at`.
pub fn stands(tokens: &[Token], at: usize, texts: &[&str]) -> bool {
    texts.iter().enumerate().all(|(more, text)| tokens.get(at + more).is_some_and(|token| token.is(text)))
}

#[test]
fn what_is_for_tests_is_marked() {
    let text = "use a::b; #[cfg(test)] mod tests { fn f() { x.unwrap() } } fn g() { y.unwrap() }
                #[cfg(test)] mod other; #[tokio::test] async fn h() { z.unwrap() } /// text
                struct S;";
    let tokens = flatten(text.parse().expect("tokens"));
    let of = |word: &str| tokens.iter().find(|token| token.is(word)).expect("is there").test;
    assert!(of("x") && of("other") && of("z"));
    assert!(!of("a") && !of("y") && !of("S") && !of("g"));
    assert!(tokens.iter().filter(|token| token.kind == Kind::Literal).all(|token| token.attribute));
}
