/** The wire format: records, handshake messages, extensions and alerts, with encoding and decoding side by side. */
@NullMarked
package dev.shakedown.tls.wire;

import org.jspecify.annotations.NullMarked;
