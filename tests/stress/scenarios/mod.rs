//! The scenarios by topic. Each is a function of a stage that panics when something is not exactly as it must be.

pub mod abuse;
pub mod auth;
pub mod beats;
pub mod bus;
pub mod caps;
pub mod counts;
pub mod drain;
pub mod leaks;
pub mod order;
pub mod presence;
pub mod redis;
pub mod resume;
pub mod rooms;
pub mod sessions;
pub mod signals;
pub mod slow;
pub mod storms;
pub mod tenants;

use crate::stage::Stage;
use futures_util::future::LocalBoxFuture;
use std::sync::Arc;

/// One scenario; its planted fault has the same name.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// `topic::what_holds`
    pub name: &'static str,
    pub kind: Kind,
    pub play: fn(Arc<Stage>) -> LocalBoxFuture<'static, ()>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Keeps the processor busy.
    Working,
    /// Waits for a deadline of the protocol.
    Waiting,
    /// Looks at the whole process, when nothing else runs any more.
    Last,
}

macro_rules! scenarios {
    ($($kind:ident $topic:ident { $($name:ident)* })*) => {
        /// Every scenario.
        pub fn all() -> Vec<Scenario> {
            vec![$($(Scenario {
                name: concat!(stringify!($topic), "::", stringify!($name)),
                kind: Kind::$kind,
                play: |stage| Box::pin($topic::$name(stage)),
            },)*)*]
        }
    };
}

scenarios! {
    Working auth {
        a_ticket_opens_one_socket
        an_old_ticket_opens_none
        a_ticket_leads_into_its_own_tenant
        a_token_in_the_address_is_refused
        another_subprotocol_is_refused
        a_cookie_counts_from_our_own_page_only
        an_ended_session_opens_nothing
        before_hello_nothing_is_done
        a_second_hello_changes_nothing
    }
    Waiting auth { no_hello_is_4000 }
    Working sessions {
        a_revoked_session_takes_just_its_own_sockets
        a_session_ended_elsewhere_ends_on_every_node
        another_role_ends_the_sockets_everywhere
        a_disabled_user_is_out_everywhere
        an_idle_session_ends
        the_end_of_a_session_reaches_who_said_no_hello
        who_is_dismissed_gets_nothing_more
    }
    Working rooms {
        an_event_comes_once_with_ones_own_rooms
        the_own_room_is_always_in
        rooms_of_others_are_refused
        what_is_not_there_is_refused
        only_one_spelling_is_a_name
        hello_takes_128_rooms
        join_takes_128_rooms
        what_is_left_is_silent
        a_join_tells_where_it_begins
        a_ref_comes_back_as_it_was
        leaving_a_room_one_is_not_in_is_no_error
    }
    Working order {
        filters_leave_no_gap
        what_comes_early_waits_for_its_turn
        what_comes_twice_is_told_once
        what_the_bus_never_brings_comes_from_the_log
        a_hole_is_filled_before_the_next
        large_events_stay_off_the_bus
        who_fell_out_of_the_tail_misses_nothing
        one_great_commit_comes_whole
        counts_share_the_chain
    }
    Waiting beats {
        a_quiet_socket_hears_a_beat
        a_quiet_peer_is_pinged
    }
    Working beats {
        what_is_passed_over_is_told_by_a_beat
        a_beat_is_a_place_to_resume_from
    }
    Working resume {
        what_was_missed_follows_once
        beyond_retention_it_begins_anew
        ahead_of_the_log_it_begins_anew
        in_another_life_it_begins_anew
        the_other_node_goes_on
        what_was_deleted_since_has_no_text
        the_first_socket_of_a_node_misses_nothing
        a_hole_in_the_log_is_never_passed_over
    }
    Working storms {
        hundreds_come_back_at_once
        a_node_goes_and_all_go_on_at_the_other
        sockets_are_cut_again_and_again_while_others_write
        many_beyond_retention_are_told_so
    }
    Working abuse {
        a_huge_length_is_refused_by_its_head
        a_message_of_many_fragments_is_bounded
        an_unmasked_frame_is_1002
        reserved_bits_are_1002
        a_text_that_is_none_is_1007
        a_flood_is_4000
        twenty_a_second_are_welcome
        a_ping_gets_its_own_bytes_back
        binary_frames_are_refused_and_forgiven
        a_goodbye_is_answered
        nonsense_is_refused_and_forgiven
        signals_are_small
        who_vanishes_in_a_frame_is_gone
    }
    Working caps {
        a_user_has_twenty_sockets
        a_race_for_the_last_place_has_one_winner
    }
    Working signals {
        a_signal_reaches_the_others_once
        a_signal_crosses_the_bus
        signals_need_membership
        too_many_signals_are_dropped_not_punished
    }
    Working presence {
        a_person_comes_and_goes_once
        what_comes_late_is_ignored
        a_late_telling_is_ignored
    }
    Waiting presence {
        a_lossy_bus_converges
        a_dead_nodes_people_go
        who_comes_back_after_a_while_is_seen
    }
    Waiting slow {
        who_does_not_read_is_4008_and_hurts_nobody
        who_never_reads_is_hung_up_on
    }
    Working slow {
        who_reads_slowly_gets_everything
        missed_presence_is_4008
    }
    Working counts {
        only_the_newest_counts_are_told
        the_same_counts_are_not_told_again
        counts_need_no_event
    }
    Working drain {
        sockets_close_one_after_the_other
        nobody_is_let_in
    }
    Working redis {
        two_nodes_are_one
        an_outage_is_noticed_and_bridged
        after_an_outage_all_is_heard_again
        installations_do_not_hear_each_other
    }
    Working tenants {
        the_same_ids_are_different_rooms
        a_frame_reaches_its_tenant_only
        presence_goes_by_the_tenants_own_channel
    }
    Working bus {
        ones_own_echo_is_ignored
        garbage_does_no_harm
    }
    Working leaks { every_sort_of_end_gives_its_place_back }
    Last leaks {
        the_gauge_is_back_at_zero
        no_task_and_no_descriptor_is_left
    }
}
