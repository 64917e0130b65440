package dev.shakedown.load;

import dev.shakedown.conversation.Plan;
import dev.shakedown.tls.client.SessionMemory;

/**
 * What handshakes with one server under one name share: sessions are good only for the name that they were made with
 * (RFC 6066, 3).
 *
 * @param plan    of each conversation
 * @param tickets how many sessions handshakes bring, and how those of TLS 1.3 are come by
 * @param closure how connections end whose session the server keeps under an ID
 */
record DestinationState(Plan plan, TicketSupply tickets, Closure closure) {
    SessionMemory sessions() {
        return plan.memory().sessions();
    }
}
