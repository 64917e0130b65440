package dev.shakedown.load;

import dev.shakedown.net.Target;
import dev.shakedown.tls.client.ClientMemory;

/**
 * What handshakes with one server under one name share: sessions are good only for the name that they were made with
 * (RFC 6066, 3).
 *
 * @param target  where they go
 * @param memory  of the client
 * @param tickets how many sessions handshakes bring, and how those of TLS 1.3 are come by
 * @param closure how connections end whose session the server keeps under an ID
 */
record Seat(Target target, ClientMemory memory, TicketSupply tickets, Closure closure) {}
