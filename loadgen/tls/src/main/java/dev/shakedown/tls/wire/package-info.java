/**
 * What stands on the wire: records, handshake messages, extensions and alerts, each encoded and decoded side by side.
 */
@NullMarked
package dev.shakedown.tls.wire;

import org.jspecify.annotations.NullMarked;
