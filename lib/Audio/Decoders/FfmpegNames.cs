using System.Globalization;

namespace DeviceId.Audio;

/// <summary>ffmpeg's names of containers and codecs: which are accepted, how they are called here, which codecs are lossy.</summary>
internal static class FfmpegNames
{
    /// <summary>Demuxers that may open a file: all of them read sound from the file itself and never open another one.</summary>
    public const string Formats = "3gp,aac,ac3,adx,aea,aiff,amr,amrnb,amrwb,ape,asf,asf_o,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,gsm,iff,"
        + "ilbc,ircam,lvf,m4a,matroska,mlp,mov,mp3,mp4,mpc,mpc8,mpeg,mpegts,nistsphere,ogg,oma,paf,qcp,rm,shn,sox,spdif,svx,tak,truehd,"
        + "tta,voc,w64,wav,webm,wsd,wv,xwma";

    /// <summary>Demuxers of texts that name other files.</summary>
    private static readonly HashSet<string> Scripts = new(
        ["hls", "concat", "dash", "ffmetadata", "image2", "lavfi", "sdp", "rtsp", "rtp", "sap", "imf", "webm_dash_manifest", "tty"],
        StringComparer.Ordinal);

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["mov"] = "MP4", ["matroska"] = "Matroska", ["asf"] = "Windows Media", ["ogg"] = "Ogg", ["wv"] = "WavPack", ["ape"] = "APE",
        ["nistsphere"] = "SPHERE", ["w64"] = "Wave64", ["mpegts"] = "MPEG-TS", ["mpeg"] = "MPEG-PS", ["vorbis"] = "Vorbis",
        ["opus"] = "Opus", ["wavpack"] = "WavPack", ["speex"] = "Speex", ["shorten"] = "Shorten", ["shn"] = "Shorten",
        ["pcm_alaw"] = "A-law", ["pcm_mulaw"] = "µ-law", ["amr_nb"] = "AMR", ["amr_wb"] = "AMR-WB", ["adpcm_ima_wav"] = "IMA ADPCM",
        ["adpcm_ms"] = "Microsoft ADPCM", ["gsm_ms"] = "GSM 6.10", ["gsm"] = "GSM 6.10", ["mp3float"] = "MP3",
    };

    private static readonly HashSet<string> Lossless = new(
        ["flac", "alac", "wavpack", "tta", "ape", "shorten", "tak", "truehd", "mlp", "wmalossless", "als", "mp4als", "ralf"],
        StringComparer.Ordinal);

    private static readonly HashSet<string> Lossy = new(
        [
            "mp1", "mp2", "mp3", "aac", "aac_latm", "vorbis", "opus", "speex", "amr_nb", "amr_wb", "gsm", "gsm_ms", "wmav1", "wmav2",
                "wmapro",
            "wmavoice", "ac3", "eac3", "pcm_alaw", "pcm_mulaw", "ilbc", "qcelp", "evrc", "nellymoser", "atrac1", "atrac3", "atrac3p",
                "cook",
            "g722", "adpcm_g722", "g723_1", "g729", "truespeech", "mpc7", "musepack7", "musepack8", "ra_144", "ra_288", "sipr",
        ], StringComparer.Ordinal);

    /// <summary>Name of a container or codec as it is shown: "MP4" for "mov,mp4,m4a", "PCM" for "pcm_s16le".</summary>
    public static string Show(string name)
    {
        var first = name.Split(',')[0];
        return Names.TryGetValue(first, out var shown) ? shown
            : first.StartsWith("pcm_", StringComparison.Ordinal) ? "PCM"
            : first.Length <= 4 ? first.ToUpperInvariant() : first;
    }

    /// <summary>Whether a codec discards information; null if it is not known here.</summary>
    public static bool? IsLossy(string codec) => Lossy.Contains(codec) || codec.StartsWith("adpcm_", StringComparison.Ordinal) ? true
        : Lossless.Contains(codec) || codec.StartsWith("pcm_", StringComparison.Ordinal) ? false : null;

    /// <summary>Stored sample format, such as "24-bit integer"; "" for lossy codecs.</summary>
    public static string SampleFormat(string codec, int bits) => IsLossy(codec) != false || bits == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture,
            $"{bits}-bit {(codec.StartsWith("pcm_f", StringComparison.Ordinal) ? "float" : "integer")}");

    /// <summary>Why a demuxer outside the list is not used.</summary>
    public static string WhyRefused(string demuxer) => Scripts.Contains(demuxer.Split(',')[0])
        ? $"it is a playlist or script ({demuxer}): it holds no sound of its own, it names other files."
        : $"ffmpeg takes it for the format \"{demuxer}\", which is not one of sound recordings: refused.";
}
