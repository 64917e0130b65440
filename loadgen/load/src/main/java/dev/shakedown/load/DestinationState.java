package dev.shakedown.load;

import dev.shakedown.conversation.Plan;
import dev.shakedown.tls.client.SessionMemory;

/**
 * What handshakes with one server under one name share: a session is valid only for the name under which it was
 * established (RFC 6066, 3).
 *
 * @param plan    the plan of each conversation
 * @param tickets the supply of sessions, and how TLS 1.3 tickets are obtained
 * @param closure decides how to close connections whose session the server keeps under an ID
 */
record DestinationState(Plan plan, TicketSupply tickets, Closure closure) {
    SessionMemory sessions() {
        return plan.memory().sessions();
    }
}
