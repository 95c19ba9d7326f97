//! F-14: people who work on the same thing at the same moment.

use super::Outcome;
use crate::judge;
use crate::random::Random;
use crate::scene::{Scene, crew};
use crate::service::Postgres;
use serde_json::{Value, json};

/// Times that two agents go for the card at once.
const TIMES: usize = 50;

/// Of each version exactly one move wins; the other gets the 409, with the card as it is.
pub async fn one_card(random: Random) -> Outcome {
    let mut scene = Scene::on(Postgres::start(None).await, &random).await;
    scene.flows(60).await;
    let agents = crew(&scene, &scene.nodes[0].url, 2).await;
    let (_, _, boards) = agents[0].get("/api/v1/boards").await.unwrap();
    // A closed card is followed by a new one when the customer writes again: among the open columns.
    let columns = boards["items"][0]["columns"].as_array().unwrap().iter();
    let columns: Vec<Value> =
        columns.filter(|column| column["kind"] == "open").map(|column| column["id"].clone()).collect();
    let board = format!("/api/v1/boards/{}?limit=5", boards["items"][0]["id"].as_str().unwrap());
    let (_, _, shown) = agents[0].get(&board).await.unwrap();
    let card = shown["columns"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|column| column["cards"].get(0))
        .unwrap()
        .clone();
    let path = format!("/api/v1/cards/{}", card["id"].as_str().unwrap());
    let (mut won, mut lost, mut random) = (0, 0, scene.random.fork());
    while won < TIMES {
        let (_, _, card) = agents[0].get(&path).await.unwrap();
        let version = card["version"].as_i64().unwrap();
        // Never to where it is: that would change nothing.
        let elsewhere: Vec<&Value> = columns.iter().filter(|column| **column != card["column_id"]).collect();
        let to = [elsewhere[random.below(elsewhere.len())], elsewhere[random.below(elsewhere.len())]];
        let go = to.map(|column| json!({ "column_id": column, "version": version }));
        let (one, other) = tokio::join!(agents[0].patch(&path, &go[0]), agents[1].patch(&path, &go[1]));
        let answers = [one.unwrap(), other.unwrap()];
        let wins = answers.iter().filter(|(status, _)| *status == 200).count();
        assert!(wins <= 1, "two moves of version {version} won: {answers:?}\n{}", scene.said());
        for (status, shown) in answers.iter().filter(|(status, _)| *status != 200) {
            // Both lose only to the customer, whose messages change the card as well.
            let newer = shown["current"]["version"].as_i64().is_some_and(|current| current > version);
            assert!(*status == 409 && newer, "the loser of version {version} is told {status}: {shown}");
            lost += 1;
        }
        won += wins;
    }
    let database = scene.nodes[0].database().await;
    let moves = "select seq from event where name = 'card.moved'";
    assert_eq!(judge::count(&database, moves).await, TIMES as i64, "one move was told each time");
    scene.prompt();
    Outcome::Held(format!("{won} moves won, {lost} were refused; {}", scene.ends().await))
}
