/** Addresses of servers, and which servers may be loaded. */
@NullMarked
package dev.shakedown.net;

import org.jspecify.annotations.NullMarked;
