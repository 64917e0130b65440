/** Addresses: who is where, and who may be loaded. */
package dev.shakedown.net;
