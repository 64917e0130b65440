/**
 * The TLS client: its state machine, its memory of sessions and servers, its failures. Bytes and a timestamp go in,
 * bytes and events come out; nothing here uses channels, threads or clocks.
 */
@NullMarked
package dev.shakedown.tls.client;

import org.jspecify.annotations.NullMarked;
