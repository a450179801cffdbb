/**
 * The port {@link confcodes.conference.Pbx} over Asterisk's manager interface (AMI): a client of its own and a pool of its
 * connections. Asterisk's quirks are known here and nowhere else. It uses {@code conference}, commons-pool2 and slf4j; {@code
 * cli} uses it, {@code agi} does not know it.
 */
package confcodes.ami;
