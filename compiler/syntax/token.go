package syntax

// token is the kind of the lexer's current token.
type token uint8

// The tokens. The binary operators stand in the order of Op, so that one follows from
// the other.
const (
	tokEOF token = iota
	tokBad       // text that is no token, reported by the lexer
	tokBraceL
	tokBraceR
	tokBracketL
	tokBracketR
	tokParenL
	tokParenR
	tokComma
	tokDot
	tokSemicolon
	tokDollar

	tokIdent
	tokNumber
	tokString

	tokAssert
	tokElse
	tokError
	tokFalse
	tokFor
	tokFunction
	tokIf
	tokImport
	tokImportStr
	tokImportBin
	tokLocal
	tokNull
	tokSelf
	tokSuper
	tokTailStrict
	tokThen
	tokTrue

	tokColon   // :
	tokColon2  // ::
	tokNot     // ! and from here on symbols that cannot follow an operand
	tokBitNot  // ~
	tokAssign  // =
	tokColon3  // :::
	tokPlus1   // +:
	tokPlus2   // +::
	tokPlus3   // +:::
	tokNoOp    // symbols that are no operator, such as ===
	tokMul     // from here on the binary operators
	tokDiv     //
	tokMod     //
	tokAdd     //
	tokSub     //
	tokShiftL  //
	tokShiftR  //
	tokGreater //
	tokGreaterEq
	tokLess
	tokLessEq
	tokIn
	tokEqual
	tokUnequal
	tokBitAnd
	tokBitXor
	tokBitOr
	tokAnd
	tokOr
	tokCount
)

// op is the operator of a binary operator's token.
func (k token) op() Op { return Op(k-tokMul) + Mul }

// tightness is how tightly a binary operator binds; 0 for what is none.
var tightness = [tokCount]uint8{
	tokMul: 10, tokDiv: 10, tokMod: 10,
	tokAdd: 9, tokSub: 9,
	tokShiftL: 8, tokShiftR: 8,
	tokGreater: 7, tokGreaterEq: 7, tokLess: 7, tokLessEq: 7, tokIn: 7,
	tokEqual: 6, tokUnequal: 6,
	tokBitAnd: 5,
	tokBitXor: 4,
	tokBitOr:  3,
	tokAnd:    2,
	tokOr:     1,
}

// unary gives the operator of a prefix operator's token.
func (k token) unary() (Op, bool) {
	switch k {
	case tokNot:
		return Not, true
	case tokBitNot:
		return BitNot, true
	case tokAdd:
		return Pos, true
	case tokSub:
		return Neg, true
	}
	return 0, false
}

// keyword gives the token of a word.
func keyword(word string) token {
	switch word {
	case "assert":
		return tokAssert
	case "else":
		return tokElse
	case "error":
		return tokError
	case "false":
		return tokFalse
	case "for":
		return tokFor
	case "function":
		return tokFunction
	case "if":
		return tokIf
	case "import":
		return tokImport
	case "importstr":
		return tokImportStr
	case "importbin":
		return tokImportBin
	case "in":
		return tokIn
	case "local":
		return tokLocal
	case "null":
		return tokNull
	case "self":
		return tokSelf
	case "super":
		return tokSuper
	case "tailstrict":
		return tokTailStrict
	case "then":
		return tokThen
	case "true":
		return tokTrue
	}
	return tokIdent
}

// operator gives the token of a run of symbols.
func operator(run string) token {
	switch run {
	case "!":
		return tokNot
	case "~":
		return tokBitNot
	case "=":
		return tokAssign
	case ":":
		return tokColon
	case "::":
		return tokColon2
	case ":::":
		return tokColon3
	case "+:":
		return tokPlus1
	case "+::":
		return tokPlus2
	case "+:::":
		return tokPlus3
	case "$":
		return tokDollar
	case "*":
		return tokMul
	case "/":
		return tokDiv
	case "%":
		return tokMod
	case "+":
		return tokAdd
	case "-":
		return tokSub
	case "<<":
		return tokShiftL
	case ">>":
		return tokShiftR
	case ">":
		return tokGreater
	case ">=":
		return tokGreaterEq
	case "<":
		return tokLess
	case "<=":
		return tokLessEq
	case "==":
		return tokEqual
	case "!=":
		return tokUnequal
	case "&":
		return tokBitAnd
	case "^":
		return tokBitXor
	case "|":
		return tokBitOr
	case "&&":
		return tokAnd
	case "||":
		return tokOr
	}
	return tokNoOp
}
