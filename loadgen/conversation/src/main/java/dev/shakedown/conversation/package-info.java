/** One conversation with a server, from connect to close: its states, whoever drives it. */
package dev.shakedown.conversation;
