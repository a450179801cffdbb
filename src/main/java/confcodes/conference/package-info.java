/**
 * The domain: who is in a conference, whom a number means, who may do what, and what came of it. It uses the JDK only and
 * reaches a PBX through the port {@link confcodes.conference.Pbx}; {@code ami}, {@code agi} and {@code cli} depend on it,
 * it depends on none of them.
 */
package confcodes.conference;
