from bot.message import Platform
from bot.platforms.discord.envoy import DiscordEnvoy
from bot.reply import Reply


def test_it_writes_to_people_in_private() -> None:
    written: list[tuple[str, Reply]] = []
    envoy = DiscordEnvoy(lambda person, reply: written.append((person, reply)))
    envoy.admins_are(["8"])
    envoy.write("7", Reply("hello"))

    assert envoy.platform is Platform.DISCORD
    assert written == [("7", Reply("hello"))]
