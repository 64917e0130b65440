/** The embedded TLS server: something to load where there is no server yet, and to check the client against. */
@NullMarked
package dev.shakedown.server;

import org.jspecify.annotations.NullMarked;
