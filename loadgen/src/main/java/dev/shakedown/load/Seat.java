package dev.shakedown.load;

import dev.shakedown.tls.client.ClientMemory;

/**
 * What handshakes for one server name share: sessions are good only for the name that they were made with (RFC 6066, 3).
 *
 * @param memory  of the client
 * @param tickets how those of TLS 1.3 are come by
 */
record Seat(ClientMemory memory, TicketSupply tickets) {}
