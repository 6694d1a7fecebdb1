package generate

// Choices is where decisions come from: given bytes first, then a generator of chance
// if there is one, then zeros without end.
type Choices struct {
	data   []byte
	at     int
	state  uint64
	random bool
}

// FromBytes takes decisions from bytes.
func FromBytes(data []byte) *Choices { return &Choices{data: data} }

// FromSeed takes decisions from a seed.
func FromSeed(seed uint64) *Choices {
	return &Choices{state: seed*0x9e3779b97f4a7c15 + 0x2545f4914f6cdd1d, random: true}
}

// Taken are the decisions so far: FromBytes repeats them.
func (c *Choices) Taken() []byte { return c.data[:min(c.at, len(c.data))] }

// Below chooses a number from 0 to n-1; n is at most 256.
func (c *Choices) Below(n int) int {
	if c.at >= len(c.data) && c.random {
		c.data = append(c.data, c.draw())
	}
	if c.at >= len(c.data) {
		return 0
	}
	b := c.data[c.at]
	c.at++
	return int(b) % n
}

// Wide chooses a number from 0 to n-1 where n may be large.
func (c *Choices) Wide(n int) int {
	at := 0
	for size := 1; size < n; size *= 256 {
		at = at*256 + c.Below(256)
	}
	return at % n
}

// Chance is true in k of n cases, and false for the choice 0.
func (c *Choices) Chance(k, n int) bool { return c.Below(n) >= n-k }

// draw is one byte of splitmix64.
func (c *Choices) draw() byte {
	c.state += 0x9e3779b97f4a7c15
	z := c.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return byte(z ^ z>>31)
}

// pick chooses one of a list.
func pick[T any](c *Choices, list []T) T { return list[c.Wide(len(list))] }
