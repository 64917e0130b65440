package dev.shakedown.report;

/**
 * Where one reads on who has read a screen.
 *
 * @param page    where the page lies
 * @param details the command that tells everything
 */
public record FurtherReading(String page, String details) {}
