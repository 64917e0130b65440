package dev.shakedown.conversation;

import dev.shakedown.net.Target;
import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.tls.client.ClientMemory;

/**
 * What every conversation of one client with one server is to do.
 *
 * @param server     the server to connect to
 * @param memory     the client's settings, sessions and keys
 * @param prelude    what comes before the handshake
 * @param request    application data to send if an answer or tickets have to be requested
 * @param waitPolicy decides what to wait for after the handshake
 */
public record Plan(Target server, ClientMemory memory, Prelude prelude, byte[] request, WaitPolicy waitPolicy) {}
