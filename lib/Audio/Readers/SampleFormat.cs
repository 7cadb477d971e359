namespace DeviceId.Audio;

/// <summary>Encoding of one sample in a file.</summary>
internal enum SampleFormat
{
    Unsigned8,
    Signed8,
    Signed16,
    Signed24,

    /// <summary>24 bits in the three less significant of four bytes.</summary>
    Signed24In4,
    Signed32,
    Float32,
    Float64,
    ALaw,
    MuLaw,
}
