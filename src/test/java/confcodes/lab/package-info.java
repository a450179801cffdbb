/**
 * The one harness of live tests, benchmark and torture: a private Asterisk, those who join its conferences and press keys, the
 * packaged server, and peers. What Asterisk says is seen through asterisk-java's AMI client, which is independent of ours.
 */
package confcodes.lab;
