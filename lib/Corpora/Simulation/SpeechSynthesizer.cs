using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Synthesises speech-like sound with the source-filter model: glottal pulses and noise through time-varying resonances.</summary>
/// <remarks>G. Fant, "Acoustic Theory of Speech Production" (1960); resonators as in D. H. Klatt, JASA 67 (1980).</remarks>
internal sealed class SpeechSynthesizer
{
    /// <summary>Interval at which the filter coefficients are updated (samples).</summary>
    private const int Hop = 32;
    private const double PeakLevel = 0.5;
    private static readonly double[] Bandwidths = [70, 100, 150, 220, 300, 400, 500];

    private readonly SplitMix64 _random;
    private readonly int _rate;
    private readonly double _formantScale;
    private readonly double _pitch;
    private readonly double _tempo;
    private readonly double _breath;

    /// <summary>Draws the voice of a speaker.</summary>
    /// <param name="sampleRate">Sampling rate (Hz).</param>
    /// <param name="seed">Seed of the corpus.</param>
    /// <param name="speaker">Index of the speaker; determines vocal tract length, pitch and speaking rate.</param>
    /// <param name="sentence">Number of the sentence.</param>
    public SpeechSynthesizer(int sampleRate, long seed, int speaker, int sentence)
    {
        var voice = new SplitMix64((ulong)Seeds.Derive(seed, "speaker", speaker));
        var isHighVoice = speaker % 2 == 1;
        _rate = sampleRate;
        _formantScale = (isHighVoice ? 1.14 : 0.98) + voice.Uniform(-0.04, 0.04);
        _pitch = isHighVoice ? voice.Uniform(180, 230) : voice.Uniform(95, 135);
        _tempo = voice.Uniform(0.85, 1.2);
        _breath = voice.Uniform(0.01, 0.04);
        _random = new SplitMix64((ulong)Seeds.Derive(seed, "sentence", sentence));
    }

    /// <summary>Returns the samples of the sentence, with peak 0.5.</summary>
    public double[] Synthesize(double seconds)
    {
        var samples = new double[(int)(seconds * _rate)];
        var sounds = SpeechSound.Sentence(_random, seconds, _tempo);
        var tract = new Tract(_rate, _formantScale);
        var glottis = new Glottis(_random, _rate);
        var position = 0;
        foreach (var sound in sounds)
        {
            var accent = _random.Uniform(0.88, 1.18);
            var end = Math.Min(samples.Length, position + (int)(sound.Seconds * _rate));
            for (; position < end; position++)
            {
                if (position % Hop == 0)
                    tract.MoveTowards(sound);
                var declination = 1.12 - 0.3 * position / samples.Length; // pitch falls during a sentence
                var noise = _random.Uniform(-1, 1);
                var voiced = glottis.Next(_pitch * declination * accent);
                samples[position] = tract.Next(tract.Voicing * (voiced + _breath * noise), noise);
            }
        }

        var peak = samples.Max(Math.Abs);
        for (var i = 0; i < samples.Length; i++)
            samples[i] *= PeakLevel / peak;
        return samples;
    }

    /// <summary>
    /// Glottal pulses: derivative of the flow in A. E. Rosenberg's polynomial model, JASA 49 (1971), with jitter and shimmer.
    /// </summary>
    private sealed class Glottis(SplitMix64 random, int rate)
    {
        private const double Opening = 0.4;
        private const double Closing = 0.16;
        private double _phase;
        private double _hertz;
        private double _jitter = 1;
        private double _shimmer = 1;

        public double Next(double hertz)
        {
            _hertz = _hertz == 0 ? hertz : _hertz + (hertz - _hertz) * 0.001; // smooth pitch contour
            _phase += _hertz * _jitter / rate;
            if (_phase >= 1)
            {
                _phase -= 1;
                _jitter = 1 + 0.01 * ExactMath.Normal(random);
                _shimmer = 1 + 0.04 * ExactMath.Normal(random);
            }

            var open = _phase / Opening;
            var closing = (_phase - Opening) / Closing;
            return _shimmer * (open < 1 ? 6 * open * (1 - open) / Opening : closing < 1 ? -2 * closing / Closing : 0) / 10;
        }
    }

    /// <summary>Vocal tract: cascaded resonators for the voice, and one wide parallel resonator for frication.</summary>
    private sealed class Tract(int rate, double formantScale)
    {
        private readonly double[] _formants = [500, 1500, 2500, 3500, 4500, 5600, 6800];
        private readonly (double A, double B, double C, double Y1, double Y2)[] _resonances =
            new (double, double, double, double, double)[8];

        private double _frication;
        private double _fricationHertz = 4000;
        private double _fricationWidth = 2000;

        public double Voicing { get; private set; }

        public void MoveTowards(SpeechSound sound)
        {
            var formantStep = Hop / (0.025 * rate); // formants move in about 25 ms, sources faster
            var sourceStep = Math.Min(1, Hop / (0.006 * rate));
            for (var i = 0; i < sound.Formants.Length; i++)
                _formants[i] += (sound.Formants[i] - _formants[i]) * formantStep;
            Voicing += (sound.Voicing - Voicing) * sourceStep;
            _frication += (sound.Frication - _frication) * sourceStep;
            if (sound.Frication > 0)
                (_fricationHertz, _fricationWidth) = (sound.FricationHertz, sound.FricationWidth);
            for (var i = 0; i < _formants.Length; i++)
                Tune(i, _formants[i] * formantScale, Bandwidths[i]);
            Tune(7, _fricationHertz * formantScale, _fricationWidth);
        }

        public double Next(double source, double noise)
        {
            var y = source;
            for (var i = 0; i < 7; i++)
                y = Resonate(i, y);
            return y + 1.2 * Resonate(7, _frication * noise);
        }

        private void Tune(int i, double hertz, double width)
        {
            var radius = ExactMath.Exp(-Math.PI * width / rate);
            var c = -radius * radius;
            var b = 2 * radius * ExactMath.Cos(2 * Math.PI * Math.Min(hertz, 0.48 * rate) / rate);
            _resonances[i] = (i == 7 ? 1 - radius : 1 - b - c, b, c, _resonances[i].Y1, _resonances[i].Y2);
        }

        private double Resonate(int i, double x)
        {
            ref var r = ref _resonances[i];
            var y = r.A * x + r.B * r.Y1 + r.C * r.Y2;
            (r.Y2, r.Y1) = (r.Y1, y);
            return y;
        }
    }
}
