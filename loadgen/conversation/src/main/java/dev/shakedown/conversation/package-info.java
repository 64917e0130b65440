/** One conversation with a server, from connect to close: its states, whoever drives it. */
@NullMarked
package dev.shakedown.conversation;

import org.jspecify.annotations.NullMarked;
