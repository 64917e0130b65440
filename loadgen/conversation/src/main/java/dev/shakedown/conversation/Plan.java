package dev.shakedown.conversation;

import dev.shakedown.net.Target;
import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.tls.client.ClientMemory;

/**
 * What all conversations of one client with one server are about.
 *
 * @param server     whom it connects to
 * @param memory     of the client
 * @param prelude    what comes before the handshake
 * @param request    application data for who asks for an answer, or for tickets
 * @param waitPolicy what it stays for beyond the handshake
 */
public record Plan(Target server, ClientMemory memory, Prelude prelude, byte[] request, WaitPolicy waitPolicy) {}
