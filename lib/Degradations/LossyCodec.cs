namespace DeviceId.Degradations;

/// <summary>Codecs that recordings pass through on their way.</summary>
internal enum LossyCodec
{
    /// <summary>MPEG-1 and MPEG-2 layer III, by LAME.</summary>
    Mp3,

    /// <summary>AAC (low complexity), by ffmpeg's own encoder: most phones' voice memos.</summary>
    Aac,

    /// <summary>Opus, by libopus: messengers' voice messages.</summary>
    Opus,

    /// <summary>AMR narrowband, 8 kHz: telephone calls, older phones' voice memos.</summary>
    AmrNarrowband,

    /// <summary>AMR wideband, 16 kHz: newer telephone calls.</summary>
    AmrWideband,
}
