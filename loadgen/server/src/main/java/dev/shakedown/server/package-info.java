/** The embedded TLS server: a target where there is no other server, and a reference to check the client against. */
@NullMarked
package dev.shakedown.server;

import org.jspecify.annotations.NullMarked;
