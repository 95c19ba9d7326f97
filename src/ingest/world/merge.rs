//! Two customers turn out to be one person.

use super::World;
use crate::ingest::rows::ConversationRow;
use std::cmp::Ordering;
use uuid::Uuid;

/// Every pair with where it ends after all: of a→b and b→c come a→c and b→c.
pub fn settled(merges: &[(Uuid, Uuid)]) -> Vec<(Uuid, Uuid)> {
    let next = |id: Uuid| merges.iter().find(|(ends, _)| *ends == id).map(|(_, stays)| *stays);
    let last = |mut id: Uuid| {
        while let Some(stays) = next(id) {
            id = stays;
        }
        id
    };
    merges.iter().map(|(ends, stays)| (*ends, last(*stays))).collect()
}

impl World {
    /// Joins two customers; the older one stays and takes everything over. Returns it.
    pub(super) fn join_customers(&mut self, a: Uuid, b: Uuid) -> Uuid {
        if a == b {
            return a;
        }
        let age = |id: Uuid| self.customers.get(&id).map(|kept| (kept.row.created_at, kept.row.id));
        let (stays, ends) = if age(a) <= age(b) { (a, b) } else { (b, a) };
        self.customer_merges.push((ends, stays));
        self.take_over_person(ends, stays);
        self.take_over_conversations(ends, stays);
        self.take_over_cards(ends, stays);
        self.date_cards(stays);
        let ended = self.activity.remove(&ends).unwrap_or_default();
        let state = self.activity.entry(stays).or_default();
        state.any |= ended.any;
        state.pending |= ended.pending;
        for row in &mut self.new_activities {
            if row.customer_id == ends {
                row.customer_id = stays;
            }
        }
        for row in &mut self.attributions {
            if row.customer_id == ends {
                row.customer_id = stays;
            }
        }
        for row in &mut self.channel_events {
            if row.customer_id == Some(ends) {
                row.customer_id = Some(stays);
            }
        }
        stays
    }

    fn take_over_person(&mut self, ends: Uuid, stays: Uuid) {
        self.hand_over_identities(ends, stays);
        for kept in self.messages.values_mut() {
            if kept.row.author_customer_id == Some(ends) {
                kept.change().author_customer_id = Some(stays);
            }
        }
        let Some(ended) = self.customers.get_mut(&ends) else { return };
        let old = ended.row.clone();
        ended.change().merged_into = Some(stays);
        let Some(kept) = self.customers.get_mut(&stays) else { return };
        let row = kept.change();
        if row.phone.is_none() {
            row.phone = old.phone;
            row.phone_key = old.phone_key;
        }
        row.email = row.email.take().or(old.email);
        row.marketing_opt_out |= old.marketing_opt_out;
        if old.name_rank > row.name_rank {
            row.name = old.name;
            row.name_rank = old.name_rank;
        }
    }

    /// Conversations on the same channel become one; the others just change hands.
    fn take_over_conversations(&mut self, ends: Uuid, stays: Uuid) {
        let of_ended: Vec<Uuid> = self.conversations_of(ends).map(|row| row.id).collect();
        for id in of_ended {
            let Some(row) = self.conversations.get(&id).map(|kept| kept.row.clone()) else { continue };
            let twin = match row.group_external_id {
                None => self.thread_of(row.channel_id, stays),
                Some(_) => None,
            };
            match twin {
                Some(twin) => self.join_conversations(id, twin),
                None => self.hand_over_conversation(id, stays),
            }
        }
    }

    fn join_conversations(&mut self, ends: Uuid, stays: Uuid) {
        let Some(ended) = self.conversations.get_mut(&ends) else { return };
        let old = ended.row.clone();
        ended.change().merged_into = Some(stays);
        let Some(kept) = self.conversations.get_mut(&stays) else { return };
        let row = kept.change();
        join_status(row, &old);
        row.assignee_id = row.assignee_id.or(old.assignee_id);
        for label in old.labels {
            if !row.labels.contains(&label) {
                row.labels.push(label);
            }
        }
        // A message is read when anyone read it, so the further read position of the two holds.
        if (old.read_sent_at, old.read_message_id) > (row.read_sent_at, row.read_message_id) {
            row.read_sent_at = old.read_sent_at;
            row.read_message_id = old.read_message_id;
        }
        if (old.last_message_at, old.last_message_id) > (row.last_message_at, row.last_message_id) {
            row.last_message_at = old.last_message_at;
            row.last_message_id = old.last_message_id;
        }
        row.last_activity_at = row.last_activity_at.max(old.last_activity_at);
        row.last_inbound_at = row.last_inbound_at.max(old.last_inbound_at);
        row.delivered_up_to = row.delivered_up_to.max(old.delivered_up_to);
        row.read_up_to = row.read_up_to.max(old.read_up_to);
        for kept in self.messages.values_mut() {
            if kept.row.conversation_id == ends {
                kept.change().conversation_id = stays;
            }
        }
        for watermark in &mut self.watermarks {
            if watermark.conversation_id == ends {
                watermark.conversation_id = stays;
            }
        }
        // The unread count of the joined thread is counted anew when the merge is written.
        self.conversation_merges.push((ends, stays));
    }

    /// One open card a person: the older customer's stays.
    fn take_over_cards(&mut self, ends: Uuid, stays: Uuid) {
        let moved = self.cards.remove(&ends).unwrap_or_default();
        let own = self.cards.entry(stays).or_default();
        for mut kept in moved {
            if own.is_empty() {
                kept.change().customer_id = stays;
                own.push(kept);
            } else {
                self.deleted_cards.push(kept.row);
            }
        }
    }
}

/// The one that asks for more attention: open, pending, snoozed, resolved. Of two that sleep, who wakes first.
fn join_status(row: &mut ConversationRow, old: &ConversationRow) {
    let rank =
        |status: &str| ["open", "pending", "snoozed"].iter().position(|word| *word == status).unwrap_or(3);
    match rank(&old.status).cmp(&rank(&row.status)) {
        Ordering::Less => {
            row.status.clone_from(&old.status);
            row.snoozed_until = old.snoozed_until;
        }
        Ordering::Equal => {
            row.snoozed_until = [row.snoozed_until, old.snoozed_until].into_iter().flatten().min();
        }
        Ordering::Greater => {}
    }
}

#[cfg(test)]
mod tests {
    use super::settled;
    use uuid::Uuid;

    #[test]
    fn chains_of_merges_lead_to_the_one_that_is_left() {
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        assert_eq!(settled(&[(a, b), (b, c)]), [(a, c), (b, c)]);
        assert_eq!(settled(&[(a, b)]), [(a, b)]);
    }
}
