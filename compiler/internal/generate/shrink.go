package generate

import "slices"

// ShrinkChoices makes choices smaller as long as keep holds; it calls keep at most
// tries times. It removes runs of choices, then makes single ones simpler.
func ShrinkChoices(data []byte, tries int, keep func(data []byte) bool) []byte {
	try := func(candidate []byte) bool {
		if tries <= 0 || len(candidate) > len(data) || slices.Equal(candidate, data) {
			return false
		}
		tries--
		if keep(candidate) {
			data = candidate
			return true
		}
		return false
	}
	for again := true; again && tries > 0; {
		again = false
		for size := len(data) / 2; size > 0; size /= 2 {
			try(slices.Clone(data[:len(data)-size]))
		}
		for size := max(1, len(data)/2); size > 0; size /= 2 {
			for at := 0; at < len(data); {
				end := min(at+size, len(data))
				if try(slices.Delete(slices.Clone(data), at, end)) {
					again = true
				} else {
					at += size
				}
			}
		}
		for at := 0; at < len(data); at++ {
			for _, b := range []byte{0, data[at] / 2, data[at] - min(1, data[at])} {
				if at < len(data) && b < data[at] {
					simpler := slices.Clone(data)
					simpler[at] = b
					again = try(simpler) || again
				}
			}
		}
	}
	return data
}

// Shrink makes a program smaller as long as keep holds; it calls keep at most tries
// times. It leaves out files and runs of tokens, and puts something simple in place of
// groups and tokens.
func Shrink(p Program, tries int, keep func(p Program) bool) Program {
	try := func(candidate Program) bool {
		if tries <= 0 {
			return false
		}
		tries--
		if keep(candidate) {
			p = candidate
			return true
		}
		return false
	}
	for i := len(p.Files) - 1; i > 0; i-- {
		try(Program{slices.Delete(slices.Clone(p.Files), i, i+1)})
	}
	for again := true; again && tries > 0; {
		again = false
		for i := range p.Files {
			again = shrinkFile(p, i, try, func() Program { return p }) || again
		}
	}
	return p
}

// shrinkFile goes through the tokens of one file once; now gives the program that try
// accepted last.
func shrinkFile(p Program, i int, try func(Program) bool, now func() Program) bool {
	tokens := scan(p.Files[i].Text)
	smaller := false
	attempt := func(candidate []token) bool {
		text := join(candidate)
		if len(text) >= len(now().Files[i].Text) || !try(now().With(i, text)) {
			return false
		}
		tokens, smaller = candidate, true
		return true
	}
	for at := 0; at < len(tokens); at++ {
		for _, part := range parts(tokens, at) {
			if attempt(slices.Delete(slices.Clone(tokens), part[0], part[1])) ||
				attempt(slices.Replace(slices.Clone(tokens), part[0], part[1], token{tokens[part[0]].gap, "0", numberToken})) {
				at--
				break
			}
		}
	}
	for size := min(16, max(1, len(tokens)/2)); size > 0; size /= 2 {
		for at := 0; at+size <= len(tokens); {
			if !attempt(slices.Delete(slices.Clone(tokens), at, at+size)) {
				at += max(1, size/2)
			}
		}
	}
	for at := 0; at < len(tokens); at++ {
		if end := group(tokens, at); end > at {
			_ = attempt(slices.Replace(slices.Clone(tokens), at, end, token{tokens[at].gap, "0", numberToken})) ||
				attempt(unwrapped(tokens, at, end)) || attempt(unwrapped(tokens, at-1, end))
		}
	}
	for at := 0; at+1 < len(tokens); at++ {
		for end := at + 2; end < min(at+14, len(tokens)); end++ {
			if attempt(slices.Delete(slices.Clone(tokens), at, end)) {
				end = at + 1
			}
		}
	}
	for at := range tokens {
		for _, simple := range []token{{"", "0", numberToken}, {"", "", symbolToken}} {
			if tokens[at].kind == wordToken || tokens[at].kind == stringToken || tokens[at].kind == numberToken {
				simple.gap = tokens[at].gap
				candidate := slices.Clone(tokens)
				candidate[at] = simple
				attempt(candidate)
			}
		}
		if len(tokens[at].gap) > 1 {
			candidate := slices.Clone(tokens)
			candidate[at].gap = " "
			attempt(candidate)
		}
	}
	return smaller
}

// parts are pieces that may be left out together: a local with its semicolon, and what
// stands between the commas of a group.
func parts(tokens []token, at int) [][2]int {
	var out [][2]int
	if text := tokens[at].text; text == "local" || text == "assert" {
		if end := until(tokens, at+1, ";"); end < len(tokens) && tokens[end].text == ";" {
			out = append(out, [2]int{at, end + 1})
		}
	}
	end := group(tokens, at)
	for from := at + 1; from < end-1; {
		to := until(tokens, from, ",")
		if to == from {
			break
		}
		if to < len(tokens) && tokens[to].text == "," {
			out = append(out, [2]int{from, to + 1})
		}
		out = append(out, [2]int{from, to})
		from = to + 1
	}
	return out
}

// until finds a token at the depth of i, or the end of the group around it.
func until(tokens []token, i int, text string) int {
	for i < len(tokens) {
		switch t := tokens[i].text; {
		case t == text || t == ")" || t == "]" || t == "}":
			return i
		}
		i = max(i+1, group(tokens, i))
	}
	return i
}

// unwrapped takes the brackets off a group, and what stands before it if at is that.
func unwrapped(tokens []token, at, end int) []token {
	if at < 0 {
		return tokens
	}
	out := slices.Clone(tokens[:at])
	skip := 1
	if group(tokens, at) == at {
		skip = 2
	}
	out = append(out, tokens[at+skip:end-1]...)
	return append(out, tokens[end:]...)
}
