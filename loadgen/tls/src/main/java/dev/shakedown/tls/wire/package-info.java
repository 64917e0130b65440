/** What stands on the wire: records, handshake messages, extensions and alerts, each encoded and decoded side by side. */
package dev.shakedown.tls.wire;
